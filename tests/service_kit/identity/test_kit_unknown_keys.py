"""Whoever sends tokens with key ids that nobody has makes nobody wait who brings a good one."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from shared.contracts.problems import PROBLEMS
from shared.service_kit.identity import jwks
from shared.service_kit.identity.access_tokens import TokenVerifier
from shared.service_kit.problems import Problem, register_problem_types
from shared.service_kit.settings import Settings

FLOOD = 24
HANGS = 2.0


class Issuer:
    """Answers with its keys, as slowly as it is told."""

    def __init__(self) -> None:
        self.keys = [OKPKey.generate_key("Ed25519", {"kid": "first"})]
        self.others: list[dict[str, Any]] = []
        self.asked, self.slow = 0, 0.0
        self.server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def _answer(self, environ: Any, start: Any) -> Any:
        if environ["PATH_INFO"] == "/.well-known/openid-configuration":
            document: dict[str, Any] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys/of/ours"}
            return Response(json.dumps(document), content_type="application/json")(environ, start)
        self.asked += 1
        time.sleep(self.slow)
        document = {"keys": [*self.others, *(key.as_dict(private=False) for key in self.keys)]}
        return Response(json.dumps(document), content_type="application/json")(environ, start)

    def token(self, key: OKPKey | None = None) -> str:
        own = key or self.keys[-1]
        now = int(time.time())
        claims = {"iss": self.url, "sub": "demo-head", "aud": "payments", "iat": now, "exp": now + 300}
        header = {"alg": "Ed25519", "kid": own.kid, "typ": "at+jwt"}
        return "Bearer " + jwt.encode(header, {**claims, "kind": "person"}, own, algorithms=["Ed25519"])


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    register_problem_types(PROBLEMS)
    started = Issuer()
    yield started
    started.server.shutdown()
    started.thread.join()
    started.server.server_close()


@pytest.fixture
def verifier(issuer: Issuer) -> TokenVerifier:
    made = TokenVerifier(Settings(env="test", issuer_url=issuer.url), "payments")
    made.verify(issuer.token())
    return made


def outcome(verifier: TokenVerifier, token: str) -> str:
    """Let in, or the problem."""
    try:
        verifier.verify(token)
    except Problem as problem:
        return problem.name
    return "let in"


def test_a_flood_of_unknown_key_ids_makes_no_holder_of_a_good_token_wait(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    verifier.keys._fetched -= jwks.FETCH_AGAIN
    issuer.slow = HANGS
    answers: list[str] = []
    forged = [issuer.token(OKPKey.generate_key("Ed25519", {"kid": f"unknown {n}"})) for n in range(FLOOD)]
    flood = [threading.Thread(target=lambda token=token: answers.append(outcome(verifier, token))) for token in forged]
    for thread in flood:
        thread.start()
    while not issuer.asked > 1:
        time.sleep(0.01)
    time.sleep(0.3)
    good, longest, begin = 0, 0.0, time.perf_counter()
    while time.perf_counter() - begin < HANGS / 2:
        before = time.perf_counter()
        good += outcome(verifier, issuer.token()) == "let in"
        longest = max(longest, time.perf_counter() - before)
    waiting = sum(thread.is_alive() for thread in flood)
    for thread in flood:
        thread.join()
    print(f"{good} good tokens in {HANGS / 2} s, the slowest in {longest * 1000:.0f} ms, {waiting} of {FLOOD} wait")
    assert good > 20
    assert longest < HANGS / 2
    assert waiting <= 1 + jwks.WAITING, "else they would fill the eight threads of a process"
    assert issuer.asked == 2, "asked once for all of them"
    assert sorted(set(answers)) == ["not-authenticated", "unavailable"]


def test_a_new_key_of_the_issuer_is_met_at_its_first_token(issuer: Issuer, verifier: TokenVerifier) -> None:
    verifier.keys._fetched -= jwks.FETCH_AGAIN
    issuer.keys.append(OKPKey.generate_key("Ed25519", {"kid": "second"}))
    assert outcome(verifier, issuer.token()) == "let in"


def test_unknown_key_ids_make_the_issuer_be_asked_once_in_ten_seconds(issuer: Issuer, verifier: TokenVerifier) -> None:
    stranger = OKPKey.generate_key("Ed25519", {"kid": "unknown"})
    assert {outcome(verifier, issuer.token(stranger)) for _ in range(20)} == {"not-authenticated"}
    assert issuer.asked == 1, "the one at the start was less than ten seconds ago"


def test_keys_of_a_kind_that_is_none_of_ours_do_no_harm(issuer: Issuer) -> None:
    """A provider may publish keys for encryption, of kinds to come, and broken ones, beside those that sign."""
    issuer.others = [{"kty": "AKP", "alg": "ML-DSA-44", "kid": "a", "pub": "x"}, {"kty": "OKP"}, {}]
    issuer.others.append(OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True))
    verifier = TokenVerifier(Settings(env="test", issuer_url=issuer.url), "payments")
    assert outcome(verifier, issuer.token()) == "let in"


@pytest.mark.parametrize("answer", ["[]", "{}", '{"keys": 1}', "no json"])
def test_an_issuer_that_answers_nonsense_takes_nobodys_key_away(
    issuer: Issuer, verifier: TokenVerifier, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuer.server, "app", lambda environ, start: Response(answer)(environ, start))
    verifier.keys._fetched -= jwks.KEYS_FOR
    assert outcome(verifier, issuer.token()) == "let in"


def test_a_token_that_was_believed_is_refused_once_its_key_is_withdrawn(
    issuer: Issuer, verifier: TokenVerifier
) -> None:
    token = issuer.token()
    assert [outcome(verifier, token) for _ in range(2)] == ["let in", "let in"]
    issuer.keys = [OKPKey.generate_key("Ed25519", {"kid": "second"})]
    verifier.keys._fetched -= jwks.KEYS_FOR
    assert outcome(verifier, token) == "not-authenticated"
    assert outcome(verifier, issuer.token()) == "let in"


def test_a_token_that_was_believed_is_refused_once_it_has_expired(
    issuer: Issuer, verifier: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, now = issuer.token(), time.time
    assert outcome(verifier, token) == "let in"
    monkeypatch.setattr(time, "time", lambda: now() + 310)
    assert outcome(verifier, token) == "not-authenticated"


def test_one_changed_character_makes_it_another_token(issuer: Issuer, verifier: TokenVerifier) -> None:
    token = issuer.token()
    assert outcome(verifier, token) == "let in"
    changed = token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]
    assert outcome(verifier, changed) == "not-authenticated"
