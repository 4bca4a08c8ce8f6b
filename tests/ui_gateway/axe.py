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
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest

AXE: Final = Path(__file__).with_name("axe.min.js")
AXE_VERSION: Final = "4.14.1"
AXE_SHA256: Final = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
STYLE: Final = Path(__file__).parents[2] / "services" / "ui_gateway" / "pages" / "assets" / "kurashi.css"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
BAD: Final = frozenset({"serious", "critical"})
MOST_SECONDS: Final = 180
VIRTUAL_MILLISECONDS: Final = 120_000
"""Time in which the page may wait; it stands still while the page computes."""
_LINK: Final = re.compile(r'<link rel="stylesheet"[^>]*>')
_RESULT: Final = re.compile(r'<pre id="result">(.*?)</pre>', re.DOTALL)
_HARNESS: Final = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>axe</title>
<pre id="result"></pre><script src="pages.js"></script><script>
async function look([name, html]) {
  const frame = document.createElement("iframe");
  frame.width = 1280; frame.height = 900;
  const loaded = new Promise(done => { frame.onload = done; });
  frame.srcdoc = html;
  document.body.append(frame);
  await loaded;
  const page = frame.contentWindow;
  const found = await page.axe.run(page.document, { resultTypes: ["violations"] });
  frame.remove();
  return found.violations.map(one => [name, one.impact, one.id, one.nodes.map(node => node.html)]);
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


def violations(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return what axe calls serious or critical in the pages, a line each."""
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256, "axe-core is the file of its package, unchanged"
    head = f'<style>{STYLE.read_text()}</style><script src="{AXE.name}"></script>'
    drawn = [(name, _LINK.sub(lambda _: head, html)) for name, html in pages.items()]
    (folder / "harness.html").write_text(_HARNESS)
    (folder / "pages.js").write_text(f"const pages = {json.dumps(drawn)};")
    shutil.copy(AXE, folder / AXE.name)
    result = _dump(folder)
    assert result["pages"] == len(pages)
    return [f"{name}: {rule} ({impact}) {nodes[0]}" for name, impact, rule, nodes in result["found"] if impact in BAD]


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
