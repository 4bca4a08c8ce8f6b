"""Whose duty is what comes from the register of assignments; where it does not answer, the staff file holds."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from infra.issuer import duties
from infra.issuer.duties import Duties, Register, of_the_staff_file
from infra.issuer.staff import BY_ID

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
