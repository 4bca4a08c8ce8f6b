// Answers below a box as one types (ARIA combobox). Without it the box is searched by its button, and a name in a field
// for a number by sending the form. What was typed is sent in a body, to this host alone; each answer is a look.
"use strict";

const PAUSE = 300; // milliseconds without a key before anything is asked: each answer stands in the log
const LEAST = 2; // characters

class Suggestions {
  constructor(box, number) {
    this.box = box;
    this.wantsNumber = box.dataset.suggests === "number";
    this.lines = [];
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${number}`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "候補");
    this.said = document.createElement("p");
    this.said.className = "suggested";
    this.said.setAttribute("aria-live", "polite");
    box.after(this.list, this.said);
    const combobox = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(combobox)) box.setAttribute(name, value);
    box.addEventListener("input", (event) => this.typed(event));
    box.addEventListener("compositionend", () => this.wait());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  typed(event) {
    this.chosen = false;
    this.close();
    if (!event.isComposing) this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(this.box.value.trim()), PAUSE);
  }

  worthAsking(text) {
    const typing = document.activeElement === this.box && Date.now() >= (this.restsUntil ?? 0);
    return typing && [...text].length >= LEAST && !(this.wantsNumber && /^[0-9０-９]*$/.test(text));
  }

  async ask(text) {
    if (!this.worthAsking(text)) return;
    this.asked?.abort();
    this.asked = new AbortController();
    const body = new URLSearchParams({ q: text, people: this.wantsNumber ? "yes" : "no" });
    const headers = { Accept: "application/json", "Kurashi-Csrf": this.box.form.elements.csrf.value };
    try {
      const answer = await fetch("/search/suggestions", { method: "POST", body, headers, signal: this.asked.signal });
      if (!answer.ok) return this.rest(answer);
      const { lines, more } = await answer.json();
      if (this.box.value.trim() === text && document.activeElement === this.box) this.open(lines, more);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // the box works without answers
    }
  }

  /** Too many questions, a session that is over, a service that is away: nothing is asked for a while. */
  rest(answer) {
    this.restsUntil = Date.now() + 1000 * Number(answer.headers.get("Retry-After") ?? 30);
    this.close();
  }

  open(lines, more) {
    this.lines = lines;
    this.active = -1;
    this.list.replaceChildren(...lines.map((line, place) => this.option(line, place)));
    this.show(lines.length > 0);
    const many = more ? `${lines.length}人以上` : `${lines.length}人`;
    this.said.textContent = lines.length ? `候補 ${many}` : "該当する人はいません";
  }

  option(line, place) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const name = document.createElement("strong");
    name.textContent = line.name;
    option.append(name, ` ${line.about}`);
    return option;
  }

  show(open) {
    this.list.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    if (!open) this.box.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.lines = [];
    this.active = -1;
    if (!this.chosen) this.said.textContent = "";
    this.show(false);
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229 || !this.lines.length) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.active >= 0) this.choose(this.lines[this.active]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  move(step) {
    const places = this.lines.length + 1; // between the last line and the first one stands the box itself
    this.active = ((this.active + 1 + step + places) % places) - 1;
    [...this.list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === this.active)));
    const option = this.list.children[this.active];
    if (!option) return this.box.removeAttribute("aria-activedescendant");
    this.box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  clicked(event) {
    const option = event.target.closest("[role=option]");
    if (option) this.choose(this.lines[[...this.list.children].indexOf(option)]);
  }

  choose(line) {
    this.close();
    if (this.wantsNumber) {
      this.chosen = true;
      this.box.value = line.number;
      this.said.textContent = `✓ ${line.name} ${line.about}`;
    } else if (line.to) {
      location.assign(line.to);
    } else {
      this.box.value = line.number;
      this.box.form.requestSubmit();
    }
  }
}

document.querySelectorAll("[data-suggests]").forEach((box, number) => new Suggestions(box, number));
