"""No secret stands in a tracked file: every finding of the scan was looked at by a person, or the test fails.

After looking at a finding: `detect-secrets scan --baseline tests/architecture/supply_chain/secrets.json`, then
`detect-secrets audit tests/architecture/supply_chain/secrets.json`.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.test_walls import ROOT

AUDITED = ROOT / "tests" / "architecture" / "supply_chain" / "secrets.json"
COMPARED = ("requirements.lock", "requirements-dev.lock", "tests/ui_gateway/axe.min.js")
"""Hashes of packages, of which `test_dependencies` reads each line; and a package's file, compared with its hash."""


def tracked() -> list[str]:
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = (name for name in told.stdout.splitlines() if name not in COMPARED)
    return [name for name in names if (ROOT / name).is_file() and ROOT / name != AUDITED]


def scan(audited: Path, *files: str) -> subprocess.CompletedProcess[str]:
    hook = [sys.executable, "-m", "detect_secrets.pre_commit_hook", "--baseline", str(audited), *files]
    return subprocess.run(hook, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_tracked_file_holds_a_secret_that_nobody_looked_at(tmp_path: Path) -> None:
    own = Path(shutil.copy(AUDITED, tmp_path))
    found = scan(own, *tracked())
    assert found.returncode in (0, 3), found.stdout + found.stderr


def test_everything_in_the_audited_list_was_found_harmless() -> None:
    listed = json.loads(AUDITED.read_text())["results"]
    left = [(name, one["type"]) for name, findings in listed.items() for one in findings if one.get("is_secret", True)]
    assert left == []


def test_a_private_key_and_a_password_in_an_address_would_be_found(tmp_path: Path) -> None:
    own = Path(shutil.copy(AUDITED, tmp_path))
    leaked = tmp_path / "leaked.py"
    leaked.write_text(
        "KEY = '''-----BEGIN "
        + "PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw'''\nURL = 'postgresql://owner:"
        + "Xk29vPq8aa@db/x'\n"
    )
    found = scan(own, str(leaked))
    assert found.returncode == 1
    assert "Private Key" in found.stdout
    assert "Basic Auth" in found.stdout
