// The address of a postal code, without leaving the page: asked of this host when seven digits stand there, or by the
// button. Where it cannot be asked the button sends the form, which comes back with the address.
"use strict";

class PostalCode {
  constructor(box) {
    this.box = box;
    this.target = box.form.elements[box.dataset.fills];
    this.button = box.parentElement.querySelector("button");
    this.said = document.createElement("p");
    this.said.className = "suggested";
    this.said.setAttribute("aria-live", "polite");
    this.choice = document.createElement("div");
    box.parentElement.after(this.choice, this.said);
    this.placed = "";
    box.addEventListener("input", (event) => this.typed(event));
    box.addEventListener("compositionend", () => this.typed({}));
    this.button.addEventListener("click", (event) => this.pressed(event));
  }

  digits() {
    return this.box.value.normalize("NFKC").replace(/[^0-9]/g, "");
  }

  typed(event) {
    const code = this.digits();
    if (event.isComposing || code.length !== 7 || code === this.asked) return;
    this.ask(code).catch(() => {}); // the button is there
  }

  pressed(event) {
    event.preventDefault();
    this.ask(this.digits()).catch(() => this.send());
  }

  send() {
    const press = Object.assign(document.createElement("input"), { type: "hidden", name: this.button.name, value: "1" });
    this.box.form.append(press);
    this.box.form.submit();
  }

  async ask(code) {
    this.asked = code;
    const body = new URLSearchParams({ code: this.box.value });
    const headers = { Accept: "application/json", "Kurashi-Csrf": this.box.form.elements.csrf.value };
    const answer = await fetch("/addresses", { method: "POST", body, headers });
    if (!answer.ok) throw new Error(String(answer.status));
    const { towns, fault } = await answer.json();
    if (code === this.digits()) this.show(towns, fault);
  }

  show(towns, fault) {
    this.choice.replaceChildren();
    this.said.textContent = fault;
    if (fault) this.box.setAttribute("aria-invalid", "true");
    else this.box.removeAttribute("aria-invalid");
    if (towns.length === 1) this.place(towns[0]);
    if (towns.length > 1) this.offer(towns);
  }

  /** What was typed stays behind the town; an address written in full stays as it is. */
  place(town) {
    const text = this.target.value.trim();
    const own = this.placed && text.startsWith(this.placed) ? text.slice(this.placed.length) : text;
    if (own === text && text.startsWith(town)) return this.go();
    if (/^(北海道|東京都|(大阪|京都)府|\D{2,3}県)/.test(own)) {
      this.said.textContent = "下の欄に別の住所が入っています。消してから、もう一度押してください";
      return;
    }
    this.target.value = town + own;
    this.placed = town;
    this.said.textContent = `住所の欄に「${town}」を入れました。番地などを続けて入力してください`;
    this.go();
  }

  go() {
    this.target.focus();
    this.target.setSelectionRange(this.target.value.length, this.target.value.length);
  }

  offer(towns) {
    const list = document.createElement("select");
    list.id = `${this.box.id}-towns`;
    const label = Object.assign(document.createElement("label"), { htmlFor: list.id, textContent: "町域 " });
    list.append(new Option("選んでください", ""), ...towns.map((town) => new Option(town, town)));
    list.addEventListener("change", () => list.value && this.place(list.value));
    this.choice.append(label, list);
    this.said.textContent = `町域が${towns.length}件あります。選んでください`;
    if (document.activeElement === this.box || document.activeElement === this.button) list.focus();
  }
}

for (const box of document.querySelectorAll("input[data-fills]")) new PostalCode(box);
