"""Keys of the issuer change without a gap, and the issuer never runs in production."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from infra.issuer.duties import of_the_staff_file
from infra.issuer.keys import SIGNS_AFTER_SECONDS, SigningKeys, add_key, remove_dead_keys
from infra.issuer.sessions import Login
from infra.issuer.settings import RefusedToStart, load
from infra.issuer.staff import BY_ID
from infra.issuer.tokens import Tokens
from shared.service_kit.provisioning import key_files, provision
from tests.issuer.running_issuer import RunningIssuer

BARE = {"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
LOGIN = Login(BY_ID["demo-head"], at=1_790_000_000, sid="a login")


def test_a_new_key_is_published_before_it_signs_and_tokens_of_the_old_one_stay_good(tmp_path: Path) -> None:
    now = [time.time() + 3600]
    keys = SigningKeys(tmp_path, lambda: now[0])
    first = keys.signing.kid
    old = _tokens(keys).for_person(LOGIN, "ui_gateway", "ui_gateway")
    second = add_key(tmp_path)
    os.utime(second, (now[0], now[0]))
    keys = _read_again(keys)

    assert len(keys.published()["keys"]) == 2
    assert keys.signing.kid == first, "published, and not signing yet"
    now[0] += SIGNS_AFTER_SECONDS
    assert keys.signing.kid == keys.published()["keys"][1]["kid"] != first
    found = _tokens(keys).login_of(old, "ui_gateway")
    assert found is not None
    assert found.for_a_page() == LOGIN


def test_a_dead_key_is_taken_away_once_its_last_token_is_dead(tmp_path: Path) -> None:
    old, new = add_key(tmp_path), add_key(tmp_path)
    laid = new.stat().st_mtime
    assert remove_dead_keys(tmp_path, laid + SIGNS_AFTER_SECONDS + 300) == []
    assert remove_dead_keys(tmp_path, laid + SIGNS_AFTER_SECONDS + 601) == [old]
    assert [path.name for path in tmp_path.glob("*.pem")] == [new.name]


def test_the_operators_command_lays_a_key_that_a_running_issuer_takes_up_by_itself(issuer: RunningIssuer) -> None:
    before = requests.get(f"{issuer.url}/jwks", timeout=5).json()["keys"]
    command = [sys.executable, "-m", "infra.issuer.keys", str(issuer.keys)]
    told = subprocess.run(command, env=BARE, capture_output=True, text=True, check=True).stdout
    assert told == "new key 0002; taken away: none\n"
    deadline = time.monotonic() + 10
    while len(now := requests.get(f"{issuer.url}/jwks", timeout=5).json()["keys"]) == 1:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert now[:1] == before
    assert all("d" not in key for key in now)


def test_the_key_is_kept_for_the_owner_alone_and_never_published(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path)
    assert (tmp_path / "0001.pem").stat().st_mode & 0o777 == 0o600
    assert "d" not in keys.published()["keys"][0]
    assert SigningKeys(tmp_path).signing.kid == keys.signing.kid


@pytest.mark.parametrize("env", [{}, {"KURASHI_ENV": "production"}, {"KURASHI_ENV": "prod"}])
def test_the_issuer_refuses_production_and_an_unset_environment(env: dict[str, str]) -> None:
    with pytest.raises(RefusedToStart, match="KURASHI_ENV"):
        load(env)


def test_the_process_ends_with_a_word_where_it_may_not_run() -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "infra.issuer"], env=BARE, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "KURASHI_ENV" in refused.stderr


def test_the_issuer_says_which_setting_is_missing(tmp_path: Path) -> None:
    told = {"KURASHI_ENV": "demo", "KURASHI_SECRETS_DIR": str(tmp_path), "KURASHI_ISSUER_URL": "http://issuer"}
    with pytest.raises(RefusedToStart, match="KURASHI_REDIRECT_URIS"):
        load(told)
    with pytest.raises(RefusedToStart, match="clients"):
        load(told | {"KURASHI_REDIRECT_URIS": json.dumps({})})


def _tokens(keys: SigningKeys) -> Tokens:
    return Tokens("http://issuer", keys, of_the_staff_file)


def _read_again(keys: SigningKeys) -> SigningKeys:
    """Let the second pass in which the folder is not read again."""
    keys._read_at = float("-inf")
    return keys


def test_a_client_has_two_secrets_while_its_own_changes_and_one_once_the_former_is_taken_away(
    issuer: RunningIssuer,
) -> None:
    """Over the running issuer, which is not started anew: the operator's commands alone."""
    folder = issuer.keys.parent
    office, former = folder / "office", issuer.client.secret
    key_files.write(office / "payments" / key_files.SECRET, "payments-secret")
    key_files.write(office / "payments" / key_files.PAGE_KEY, key_files._new_pem())
    (office / "issuer").symlink_to(folder)
    provision.main(["--secrets", str(office), "--new-client-secret", "payments"])
    new = (office / "payments" / key_files.SECRET).read_text()
    asked = {"grant_type": "client_credentials", "audience": "case_management"}

    def given(secret: str) -> int:
        return requests.post(f"{issuer.url}/token", data=asked, auth=("payments", secret), timeout=5).status_code

    assert [given(secret) for secret in ("payments-secret", new, former, "")] == [200, 200, 401, 401]
    provision.main(["--secrets", str(office), "--forget-former", "payments"])
    assert [given(secret) for secret in ("payments-secret", new)] == [401, 200]
