"""Whose duty is what comes from the register of assignments; where it does not answer, the staff file holds."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from infra.issuer import duties
from infra.issuer.duties import Duties, Register, of_the_staff_file
from infra.issuer.keys import SigningKeys
from infra.issuer.sessions import Login
from infra.issuer.staff import BY_ID
from infra.issuer.tokens import Tokens

PERSON = BY_ID["demo-caseworker"]
HELD = {"roles": ["caseworker"], "districts": ["03"], "programmes": ["public_assistance"], "stands_in_for": ["demo-x"]}


@contextmanager
def register(answer: Callable[[Request], Response]) -> Iterator[str]:
    """A register of assignments that answers as it is told."""

    @Request.application
    def served(request: Request) -> Response:
        return answer(request)

    server = make_server("127.0.0.1", 0, served, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")


def test_what_the_register_says_is_what_the_token_says() -> None:
    asked: list[tuple[str, str, str]] = []

    def answer(request: Request) -> Response:
        asked.append((request.path, request.args["on"], request.headers["Authorization"]))
        return _json(HELD)

    with register(answer) as url:
        ask = Register(url, lambda: "own-token", today="2026-12-01")
        first, again = ask(PERSON), ask(PERSON)
    assert first == again == Duties(("caseworker",), ("03",), ("public_assistance",), ("demo-x",))
    assert first.claims() == HELD
    assert asked == [("/assignments/demo-caseworker", "2026-12-01", "Bearer own-token")], "asked once in a short while"


def test_no_token_outlives_the_last_day_of_an_assignment(monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = int(datetime(2026, 12, 11, 15, tzinfo=UTC).timestamp())
    monkeypatch.setattr(duties, "_today", lambda: "2026-12-11")
    told = [("2026-12-11", midnight), ("2026-12-12", 0), (None, 0)]
    answers = [_json({**HELD, "last_day": last_day}) for last_day, _ in told]
    with register(lambda request: answers.pop(0)) as url:
        assert [Register(url, str)(PERSON).until for _ in told] == [until for _, until in told]


def test_what_a_short_memory_holds_ends_with_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    held, days = [HELD, HELD | {"roles": ["head"]}], ["2026-12-11", "2026-12-12"]
    monkeypatch.setattr(duties, "_today", lambda: days[0])
    with register(lambda request: _json(held.pop(0))) as url:
        ask = Register(url, str)
        assert ask(PERSON).roles == ("caseworker",)
        del days[0]
        assert ask(PERSON).roles == ("head",)


def test_a_token_is_good_until_midnight_at_most(tmp_path: Path) -> None:
    soon = int(time.time()) + 60
    tokens = Tokens("https://issuer.test", SigningKeys(tmp_path), lambda person: Duties(("caseworker",), until=soon))
    claims = jwt.decode(
        tokens.for_person(Login(PERSON, 0), "payments", "ui_gateway"), SigningKeys(tmp_path).all, ["Ed25519"]
    ).claims
    assert soon - 1 <= claims["exp"] <= soon + 1


def test_a_change_in_the_register_is_in_the_next_token_after_a_short_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "KEPT_SECONDS", -1.0)
    held = [HELD, HELD | {"roles": ["head"]}]
    with register(lambda request: _json(held.pop(0))) as url:
        ask = Register(url, str)
        assert [ask(PERSON).roles for _ in range(2)] == [("caseworker",), ("head",)]


def test_who_is_not_in_the_register_has_what_the_staff_file_says() -> None:
    with register(lambda request: _json({}, 404)) as url:
        assert Register(url, str)(PERSON) == of_the_staff_file(PERSON)


def test_whose_assignments_have_all_ended_has_no_role() -> None:
    with register(lambda request: _json({name: [] for name in HELD})) as url:
        assert Register(url, str)(PERSON) == Duties(())


@pytest.mark.parametrize("answer", [_json({}, 503), _json([]), Response("no json")])
def test_a_register_that_cannot_be_read_is_told_in_the_log(answer: Response, caplog: pytest.LogCaptureFixture) -> None:
    with register(lambda request: answer) as url, caplog.at_level(logging.WARNING):
        assert Register(url, str)(PERSON) == of_the_staff_file(PERSON)
    assert "the staff file holds" in caplog.text
    assert "demo-caseworker" not in caplog.text


def test_a_register_that_is_away_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    with register(lambda request: _json({})) as url:
        pass
    assert Register(url, str)(PERSON) == of_the_staff_file(PERSON)
    assert "the staff file holds" in caplog.text
