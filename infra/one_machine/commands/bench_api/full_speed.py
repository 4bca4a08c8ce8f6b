"""What one page asks case_management, as fast as a web process answers it, beside a bare route in the same server.

Both run as processes of their own for this alone, on the office's database: the limits on what one person may ask in a
minute are lifted for them, and what they have in memory is theirs.
"""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any, Final

from infra.one_machine.commands.bench_api.load import Asker, at_full_speed
from infra.one_machine.folders import PROJECT
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.environment import REGISTER, python
from infra.one_machine.processes.stack import Stack
from infra.one_machine.staff.acts import CASEWORKER

QUESTION: Final = "/cases/{}/overview?purpose=casework"
"""What the gateway asks for one household's page."""
THREADS: Final = 4
READY_SECONDS: Final = 120.0


def compared(stack: Stack, case_nos: Sequence[str], repeats: int, seconds: float) -> dict[str, Any]:
    """Measure both side by side so often, for so many seconds each; what is returned are medians."""
    with ExitStack() as running:
        bare_url, _ = running.enter_context(_served(stack, "infra.one_machine.commands.bench_api.bare"))
        url, pid = running.enter_context(_served(stack, f"services.{REGISTER}.app", "web"))
        search = _first_search(stack, url)
        ours, theirs = list[float](), list[float]()
        for _ in range(repeats):
            ours.append(_pages_a_second(stack, url, case_nos, seconds))
            theirs.append(_rows_a_second(bare_url, case_nos, seconds))
        peak = _peak_mib(pid)
    ratio = median(own / bare for own, bare in zip(ours, theirs, strict=True))
    return {
        "seconds": round(1 / median(ours), 6),
        "reference_seconds": round(1 / median(theirs), 6),
        "ratio": round(ratio, 3),
        "peak_mib": peak,
        "search": search,
        "details": {
            "pages_a_second": round(median(ours), 1),
            "rows_a_second": round(median(theirs), 1),
            "threads": THREADS,
            "repeats": repeats,
        },
    }


def _pages_a_second(stack: Stack, url: str, case_nos: Sequence[str], seconds: float) -> float:
    with Asker(url, _authorization(stack)) as asker:

        def ask(case_no: str) -> None:
            asker.get(QUESTION.format(case_no))

        return _full_speed(ask, case_nos, seconds)


def _rows_a_second(url: str, case_nos: Sequence[str], seconds: float) -> float:
    with Asker(url, {}) as asker:
        return _full_speed(lambda case_no: asker.get(f"/cases/{case_no}"), case_nos, seconds)


def _full_speed(ask: Callable[[str], object], case_nos: Sequence[str], seconds: float) -> float:
    acts = (partial(ask, case_no) for case_no in cycle(case_nos))
    at_full_speed(acts, 0.5, THREADS)
    return at_full_speed(acts, seconds, THREADS)


def _first_search(stack: Stack, url: str) -> dict[str, Any]:
    """How long the first search of a process takes that came up with everybody in the register."""
    with Asker(url, _authorization(stack)) as asker:
        began = time.perf_counter()
        asker.get("/search?q=x&purpose=casework")
    return {"first_of_a_process_ms": round((time.perf_counter() - began) * 1000, 1)}


def _authorization(stack: Stack) -> dict[str, str]:
    return {"Authorization": f"Bearer {stack.office.token_for(REGISTER, CASEWORKER)()}"}


@contextmanager
def _served(stack: Stack, *module: str) -> Iterator[tuple[str, int]]:
    """Run a module as a further web process of the register; gives its address and its id once it answers."""
    port = _free_port()
    own = {"KURASHI_PORT": str(port), "KURASHI_PERSON_A_MINUTE": "1000000000"}
    with (stack.folders.log / "bench.log").open("ab") as log:
        process = subprocess.Popen(
            python(*module),
            env={**stack.child(f"{REGISTER}.web").env, **own},
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.settimeout(READY_SECONDS)
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: bench\r\n\r\n")
            if connection.recv(64).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.1)
    raise MachineError("a web process of the bench does not start; see bench.log")


def _peak_mib(pid: int) -> float:
    """The most memory that a process or one of its children had, where the system says so."""
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return round(max(_peak_of(number) for number in (str(pid), *children)), 1)
    return 0.0


def _peak_of(pid: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return max(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
