"""Measured at the gateway, as a member of staff at a browser sees it: a household's page, and searches."""

import time
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

from infra.one_machine.commands.bench_api.load import Asker, at_rate, percentiles
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.environment import GATEWAY
from infra.one_machine.processes.stack import Stack
from infra.one_machine.staff.acts import CASEWORKER
from infra.one_machine.ward.names import FAMILIES, MARK, MARK_KANA, MEN, WOMEN

WARM: Final = 40
SEARCHES: Final = 200
FIRST_SECONDS: Final = 60.0
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


def opened(stack: Stack, case_nos: Sequence[str], rate: float, seconds: float) -> dict[str, Any]:
    """Open households at a steady rate; milliseconds of an answer."""
    count = max(1, int(rate * seconds))
    with _logged_in(stack)[0] as browser:
        for case_no in case_nos[:WARM]:
            content = browser.get(f"/cases/{case_no}")
        failed = list[str]()
        acts = [partial(_open, browser, case_nos[(WARM + at) % len(case_nos)], failed) for at in range(count)]
        taken = at_rate(acts, rate)
    load = {"requests": count, "failed": len(failed), "rate": rate}
    return {**percentiles(taken), **load, "bytes": len(content)}


def _open(browser: Asker, case_no: str, failed: list[str]) -> None:
    """Open a household; where the machine is too slow, the gateway says so after two seconds, and that is noted."""
    try:
        browser.get(f"/cases/{case_no}")
    except MachineError as error:
        failed.append(str(error))


def searched(stack: Stack, random: Random) -> dict[str, Any]:
    """Search one after the other; milliseconds of an answer, by kind of what is typed and of all."""
    browser, csrf = _logged_in(stack)
    taken: dict[str, list[float]] = {}
    with browser:
        first = _first_search(browser, csrf)
        for number in range(SEARCHES):
            kind, text = _typed(random, number)
            taken.setdefault(kind, []).append(_search(browser, csrf, text))
    every = [seconds for kind in taken.values() for seconds in kind]
    by_kind = {kind: percentiles(seconds)["p95_ms"] for kind, seconds in taken.items()}
    return {**percentiles(every), "searches": SEARCHES, "first_ms": round(first * 1000, 1), "p95_ms_by_kind": by_kind}


def _first_search(browser: Asker, csrf: str) -> float:
    """How long it takes until the register, of which so many are new, is in the memory of the process."""
    began = time.perf_counter()
    while True:
        try:
            _search(browser, csrf, FAMILIES[0][0])
        except MachineError:  # the gateway waits for a question two seconds
            if time.perf_counter() - began > FIRST_SECONDS:
                raise
        else:
            return time.perf_counter() - began


def _search(browser: Asker, csrf: str, text: str) -> float:
    began = time.perf_counter()
    browser.send("POST", "/search", urlencode({"csrf": csrf, "q": text}).encode(), FORM)
    return time.perf_counter() - began


def _typed(random: Random, number: int) -> tuple[str, str]:
    """What staff type, kind by kind in turn: many fit, few fit, one fits, nobody does."""
    family, given_name = random.choice(FAMILIES), random.choice((*WOMEN, *MEN))
    typed = {
        "family name": family[0],
        "whole name": f"{MARK}{family[0]} {given_name[0]}",
        "reading from its beginning": f"{MARK_KANA}{family[1]}"[: random.randint(4, 7)],
        "whole reading": f"{MARK_KANA}{family[1]} {given_name[1]}",
        "given name's reading": given_name[1],
        "case number": str(10_000_000 + random.randrange(1, 5_000)),
        "birth date": f"S{random.randint(10, 60)}.{random.randint(1, 12)}.{random.randint(1, 28)}",
        "nobody": f"{family[0]}{random.randrange(10_000)}号",
    }
    kind = list(typed)[number % len(typed)]
    return kind, typed[kind]


def _logged_in(stack: Stack) -> tuple[Asker, str]:
    """A browser with a caseworker's session, and the mark of its forms."""
    with stack.office.browser(CASEWORKER, first="/session") as session:
        url = stack.urls[GATEWAY]
        csrf = session.get(f"{url}/session", headers={"Accept": "application/json"}, timeout=30).json()["csrf"]
        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
    return Asker(url, {"Cookie": cookie, "Accept": "text/html", "Origin": url}), csrf
