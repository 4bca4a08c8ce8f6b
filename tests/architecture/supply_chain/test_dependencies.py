"""What others wrote and we ship: pinned by hash, under licences that a ward can take, without known holes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.supply_chain.components import DOCUMENT, components, document
from tests.architecture.test_walls import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PERMISSIVE = {"MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "Zlib", "CC0-1.0", "Unlicense"}
TAKEN = PERMISSIVE | {"Apache-2.0", "PSF-2.0", "MPL-2.0", "LGPL-3.0-only"}
"""The last two bind changes of those packages themselves; we change none of them."""


@pytest.mark.parametrize("lock", LOCKS)
def test_each_line_of_a_lock_pins_a_version_or_a_hash_and_names_no_host(lock: str) -> None:
    line = re.compile(r"[a-z0-9][a-z0-9._-]*==[^\s;]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    odd = [text for text in (ROOT / lock).read_text(encoding="utf-8").splitlines() if not line.fullmatch(text)]
    assert odd == []


def test_each_licence_is_one_that_we_take() -> None:
    words = {one.name: set(re.split(r" AND | OR ", re.sub(r"[()]", "", one.licence))) for one in components()}
    assert {name: sorted(given) for name, given in words.items() if not given <= TAKEN} == {}


def test_the_list_of_components_is_that_of_the_lock() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_no_locked_package_has_a_known_hole(tmp_path: Path) -> None:
    """Asks the advisory service; where it cannot be reached, nothing was found out, and the test says so."""
    told = tmp_path / "told.json"
    audit = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(ROOT / LOCKS[1])]
    asked = [*audit, "--format", "json", "--output", str(told), "--progress-spinner", "off", "--timeout", "5"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=300)
    if not told.exists() or not told.read_text():
        pytest.skip(f"elsewhere: the advisory service was not reached: {ran.stderr.strip().splitlines()[-1:]}")
    packages = json.loads(told.read_text())["dependencies"]
    assert {one["name"]: one["vulns"] for one in packages if one.get("vulns")} == {}
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    if unknown:
        pytest.skip(f"elsewhere: the advisory service told nothing of {len(unknown)} of {len(packages)} packages")


def test_the_zones_of_time_are_locked_for_every_system() -> None:
    for lock in LOCKS:
        (line,) = [one for one in (ROOT / lock).read_text(encoding="utf-8").splitlines() if one.startswith("tzdata==")]
        assert ";" not in line, "zoneinfo finds none on macOS and in slim images"
