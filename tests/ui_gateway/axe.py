"""axe-core over pages as a browser draws them: one headless Chromium, which needs no network and no driver.

The browser is Debian's package ``chromium``. ``axe.min.js`` is the unchanged file of the npm package axe-core.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest

AXE: Final = Path(__file__).with_name("axe.min.js")
AXE_SHA256: Final = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
STYLE: Final = Path(__file__).parents[2] / "services" / "ui_gateway" / "pages" / "assets" / "kurashi.css"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
BAD: Final = frozenset({"serious", "critical"})
MOST_SECONDS: Final = 400
WIDE, SMALL = 1280, 360
"""Pixels of a window in the office, and of the smallest screen."""
VIRTUAL_MILLISECONDS: Final = 120_000
"""Time in which the page may wait; it stands still while the page computes."""
_LINK: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
_RESULT: Final = re.compile(r'<pre id="result">(.*?)</pre>', re.DOTALL)
_HARNESS: Final = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>axe</title>
<pre id="result"></pre><script src="pages.js"></script><script>
async function look([name, html]) {
  const frame = document.createElement("iframe");
  frame.width = WIDE; frame.height = 900;
  const loaded = new Promise(done => { frame.onload = done; });
  frame.srcdoc = html;
  document.body.append(frame);
  await loaded;
  const page = frame.contentWindow;
  const found = await page.axe.run(page.document, { resultTypes: ["violations"] });
  const rows = found.violations.map(one => [name, one.impact, one.id, one.nodes[0].html]);
  frame.width = SMALL;
  await new Promise(done => setTimeout(done, 50));
  const beyond = [...page.document.querySelectorAll(".num, .right, .mark, button, select")].filter(
    part => part.checkVisibility() && part.getBoundingClientRect().right > SMALL + 1 && !part.closest("thead"));
  rows.push(...beyond.slice(0, 1).map(part => [name, "beyond", `${beyond.length} of them`, part.outerHTML]));
  frame.remove();
  return rows;
}
(async () => {
  const found = [];
  for (const page of pages) found.push(...await look(page));
  document.getElementById("result").textContent = JSON.stringify({ pages: pages.length, found });
})().catch(error => { document.getElementById("result").textContent = JSON.stringify({ error: String(error) }); });
</script></html>
"""


def browser() -> str:
    """Return the browser of this machine; without one the test says so and is skipped."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium): no page was looked at by axe")
    return path


@dataclass(frozen=True)
class Drawn:
    """What was seen of pages, a line each: what axe calls serious or critical, and what is beyond a small screen."""

    serious: list[str]
    beyond: list[str]


def draw(pages: Mapping[str, str], folder: Path) -> Drawn:
    """Draw the pages on a wide and on a small screen, and return what is wrong with them."""
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256, "axe-core is the file of its package, unchanged"
    head = f'<style>{STYLE.read_text()}</style><script src="{AXE.name}"></script>'
    drawn = [(name, _LINK.sub(lambda _: head, html)) for name, html in pages.items()]
    (folder / "harness.html").write_text(_HARNESS)
    (folder / "pages.js").write_text(f"const WIDE = {WIDE}, SMALL = {SMALL}, pages = {json.dumps(drawn)};")
    shutil.copy(AXE, folder / AXE.name)
    result = _dump(folder)
    assert result["pages"] == len(pages)
    serious = [f"{name}: {rule} ({impact}) {part}" for name, impact, rule, part in result["found"] if impact in BAD]
    beyond = [f"{name}: {rule} {part}" for name, impact, rule, part in result["found"] if impact == "beyond"]
    return Drawn(serious, beyond)


def _dump(folder: Path) -> dict[str, Any]:
    """Draw the harness with its pages; return what it found."""
    flags = [
        "--headless",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
    ]
    flags += [f"--user-data-dir={folder / 'profile'}", f"--virtual-time-budget={VIRTUAL_MILLISECONDS}", "--dump-dom"]
    command = [browser(), *flags, (folder / "harness.html").as_uri()]
    drawn = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=True)
    result = _RESULT.search(drawn.stdout)
    assert result, drawn.stdout[-500:]
    outcome = json.loads(unescape(result[1]) or "{}")
    assert "pages" in outcome, outcome
    return dict(outcome)
