"""Keys of the issuer change without a gap, and the issuer never runs in production."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from infra.issuer.keys import SigningKeys
from infra.issuer.settings import RefusedToStart, load
from infra.issuer.staff import BY_ID
from infra.issuer.tokens import Tokens


def test_a_new_key_signs_while_tokens_of_the_old_one_stay_good(tmp_path: Path) -> None:
    before = SigningKeys(tmp_path)
    old = Tokens("http://issuer", before).for_person(BY_ID["demo-head"], "ui_gateway", "ui_gateway")
    (tmp_path / "0002.pem").write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))

    after = SigningKeys(tmp_path)

    assert after.signing.kid != before.signing.kid
    assert [key["kid"] for key in after.published()["keys"]] == [before.signing.kid, after.signing.kid]
    assert Tokens("http://issuer", after).person_of(old, "ui_gateway") == BY_ID["demo-head"]


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
    bare = {"PATH": os.defpath, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    refused = subprocess.run(
        [sys.executable, "-m", "infra.issuer"], env=bare, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "KURASHI_ENV" in refused.stderr


def test_the_issuer_says_which_setting_is_missing(tmp_path: Path) -> None:
    told = {"KURASHI_ENV": "demo", "KURASHI_SECRETS_DIR": str(tmp_path), "KURASHI_ISSUER_URL": "http://issuer"}
    with pytest.raises(RefusedToStart, match="KURASHI_REDIRECT_URIS"):
        load(told)
    with pytest.raises(RefusedToStart, match="clients"):
        load(told | {"KURASHI_REDIRECT_URIS": json.dumps({})})
