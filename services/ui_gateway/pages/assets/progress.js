// Follows work that goes on: asks for the page again and puts in its progress alone, so that nothing typed is lost.
// Without it the page says to be opened again. It asks every ten seconds, five minutes long, while the page is looked at.
"use strict";

const EVERY = 10_000; // milliseconds: what the page shows of households is a look each time
const MOST = 30;

const progress = document.getElementById("progress");

async function followed() {
  const answer = await fetch(location.pathname);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = answer.ok && page.getElementById("progress");
  if (!fresh) return false; // the session is over, or the page: it is said where it is opened again
  if (fresh.textContent !== progress.textContent) progress.replaceChildren(...fresh.childNodes);
  if ("goesOn" in fresh.dataset) return true;
  document.getElementById("progress-ended").hidden = false;
  return false;
}

function follow(left) {
  setTimeout(async () => {
    const goesOn = document.hidden || (await followed().catch(() => true)); // one answer that is lost ends nothing
    if (goesOn && left > 1) follow(left - 1);
  }, EVERY);
}

if (progress && "goesOn" in progress.dataset) follow(MOST);
