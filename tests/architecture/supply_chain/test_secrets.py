"""No secret stands in a tracked file: every finding of the scan was looked at by a person, or the test fails.

After looking at a finding: `detect-secrets scan --baseline tests/architecture/supply_chain/secrets.json`, then
`detect-secrets audit tests/architecture/supply_chain/secrets.json`.

What was found in a file is kept in pytest's cache by name and content, for this scanner with these settings: only what
changed since is scanned again.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

from tests.architecture.test_walls import ROOT

AUDITED = ROOT / "tests" / "architecture" / "supply_chain" / "secrets.json"
COMPARED = ("requirements.lock", "requirements-dev.lock", "tests/ui_gateway/axe.min.js")
"""Hashes of packages, of which `test_dependencies` reads each line; and a package's file, compared with its hash."""
KEPT = "kurashi/secrets"
Findings = list[list[str]]
"""Type and SHA-1 of each finding in a file."""


def audited() -> dict[str, Any]:
    return dict(json.loads(AUDITED.read_text()))


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = (name for name in listing.stdout.splitlines() if name not in COMPARED)
    return [name for name in names if (ROOT / name).is_file() and ROOT / name != AUDITED]


def keys(names: Iterable[str]) -> dict[str, str]:
    """Of each file the hash of all that its findings depend on."""
    how = {key: audited()[key] for key in ("plugins_used", "filters_used")} | {"version": version("detect-secrets")}
    begun = hashlib.sha256(json.dumps(how, sort_keys=True).encode())
    hashes = {}
    for name in names:
        whole = begun.copy()
        whole.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
        hashes[name] = whole.hexdigest()
    return hashes


def scan(names: Iterable[str]) -> dict[str, Findings]:
    """Scan files of the project, or others by their absolute path; one without a finding is not named."""
    secrets = SecretsCollection()
    with pytest.MonkeyPatch.context() as here, transient_settings(audited()):
        here.chdir(ROOT)
        for name in names:
            secrets.scan_file(name)
    return {name: sorted([found.type, found.secret_hash] for found in secrets[name]) for name in secrets.files}


def scan_what_changed(names: Iterable[str], kept: Mapping[str, Findings]) -> dict[str, Findings]:
    """Scan the files whose hash is not among what is kept; return the findings of all by their hash."""
    hashes = keys(names)
    fresh = scan(name for name, key in hashes.items() if key not in kept)
    return {key: kept[key] if key in kept else fresh.get(name, []) for name, key in hashes.items()}


@pytest.mark.slow
def test_no_tracked_file_holds_a_secret_that_nobody_looked_at(request: pytest.FixtureRequest) -> None:
    cache = getattr(request.config, "cache", None)
    names = tracked()
    results = scan_what_changed(names, cache.get(KEPT, {}) if cache else {})
    if cache:
        cache.set(KEPT, results)
    listed = audited()["results"]
    looked_at = {(name, entry["type"], entry["hashed_secret"]) for name in listed for entry in listed[name]}
    findings = {(name, *finding) for name, key in keys(names).items() for finding in results[key]}
    assert findings - looked_at == set()


def test_everything_in_the_audited_list_was_found_harmless() -> None:
    listed = audited()["results"]
    left = [
        (name, entry["type"]) for name, findings in listed.items() for entry in findings if entry.get("is_secret", True)
    ]
    assert left == []


def test_a_private_key_and_a_password_in_an_address_would_be_found(tmp_path: Path) -> None:
    leaked = tmp_path / "leaked.py"
    leaked.write_text(
        "KEY = '''-----BEGIN "
        + "PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw'''\nURL = 'postgresql://owner:"
        + "Xk29vPq8aa@db/x'\n"
    )
    assert {kind for kind, _ in scan([str(leaked)])[str(leaked)]} >= {"Private Key", "Basic Auth Credentials"}


def test_what_is_kept_is_scanned_again_once_it_changed(tmp_path: Path) -> None:
    changing = tmp_path / "changing.py"
    changing.write_text("KEY = 'nothing'\n")
    kept = scan_what_changed([str(changing)], {})
    assert list(kept.values()) == [[]]
    changing.write_text("KEY = '''-----BEGIN " + "PRIVATE KEY-----\n'''\n")
    ((finding,),) = scan_what_changed([str(changing)], kept).values()
    assert finding[0] == "Private Key"
    unchanged = {key: [["as kept", ""]] for key in keys([str(changing)]).values()}
    assert scan_what_changed([str(changing)], unchanged) == unchanged, "what is kept is not scanned twice"
