// Comfort for hands on the keyboard. Every page works without it; nothing is sent, kept or read elsewhere from here.
"use strict";

const CONTROLS = "input:not([type=hidden]), select, textarea, button";
const TYPING = "input, select, textarea, [contenteditable]";

/** True while Japanese is being converted: that Enter belongs to the input method. Safari says so by 229 alone. */
function converting(event) {
  return event.isComposing || event.keyCode === 229;
}

function plain(event) {
  return !event.ctrlKey && !event.altKey && !event.metaKey;
}

/** False for all radio buttons of a question but the chosen one: Tab goes there too. */
function isStop(control) {
  if (control.disabled || !control.checkVisibility()) return false;
  const chosen = control.type === "radio" && control.form.querySelector(`[name="${control.name}"]:checked`);
  return !chosen || chosen === control;
}

/** The control of the next question of the form, at the end its button. */
function nextControl(control) {
  const others = [...control.form.querySelectorAll(CONTROLS)].filter((each) => isStop(each) && each.name !== control.name);
  return others.find((each) => control.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function enterMoves(event) {
  const control = event.target;
  const moves = event.key === "Enter" && plain(event) && !event.shiftKey && !converting(event);
  if (!moves || !control.form || !control.matches("input, select")) return;
  const next = nextControl(control);
  if (!next) return;
  event.preventDefault();
  next.focus();
  if (next.matches("input[type=text]")) next.select();
}

function letters(event) {
  if (!plain(event) || converting(event) || event.target.closest(TYPING)) return;
  if (event.key === "?") {
    const dialog = document.getElementById("shortcuts");
    if (!dialog || dialog.open) return;
    event.preventDefault();
    dialog.showModal();
  } else if (event.key === "/") {
    const box = document.getElementById("search");
    if (!box || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  }
}

if (document.body.dataset.enter === "next") document.addEventListener("keydown", enterMoves);
if (document.body.dataset.letters !== "off") document.addEventListener("keydown", letters);
document.getElementById("close-shortcuts")?.addEventListener("click", (event) => event.target.closest("dialog").close());
document.getElementById("faults")?.focus();
