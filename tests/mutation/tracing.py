"""A pytest plugin: which lines of some files each test runs, and how long it takes.

Where lines are run outside of a test (at import, in a fixture that several tests share), they count for the whole file.
`KURASHI_TRACED` names the folders or files, `KURASHI_TRACE` where the answer is written.
"""

import json
import os
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

import pytest

SHARED = ""
"""Stands for a whole test file."""


class Tracer:
    """Keeps the lines of one test after another."""

    def __init__(self, prefixes: tuple[str, ...]) -> None:
        self._prefixes = prefixes
        self._watched: dict[CodeType, bool] = {}
        self.lines: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
        self.now = SHARED

    def call(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Look at each call; follow its lines where the code is one of those that may be broken."""
        code = frame.f_code
        watched = self._watched.get(code)
        if watched is None:
            watched = self._watched[code] = code.co_filename.startswith(self._prefixes)
        if not watched:
            return None
        self.lines[self.now].add((code.co_filename, frame.f_lineno))
        return self.line

    def line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Keep a line."""
        if event == "line":
            self.lines[self.now].add((frame.f_code.co_filename, frame.f_lineno))
        return self.line


class Plugin:
    """Hands pytest's tests to the tracer."""

    def __init__(self, tracer: Tracer, answer: str, root: str) -> None:
        self._tracer, self._answer, self._root = tracer, answer, root
        self._seconds: dict[str, float] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Let what follows count for this test."""
        self._tracer.now, began = item.nodeid, time.process_time()
        yield
        self._seconds[item.nodeid] = round(time.process_time() - began, 3)
        self._tracer.now = SHARED

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """What is made for several tests counts for all of them."""
        before = self._tracer.now
        if fixturedef.scope != "function":
            self._tracer.now = SHARED
        yield
        self._tracer.now = before

    def pytest_sessionfinish(self) -> None:
        """Write the answer."""
        sys.settrace(None)
        lines: dict[str, dict[str, list[int]]] = {}
        for test, run in self._tracer.lines.items():
            by_file: defaultdict[str, list[int]] = defaultdict(list)
            for path, line in sorted(run):
                by_file[os.path.relpath(path, self._root)].append(line)
            lines[test] = dict(by_file)
        with open(self._answer, "w") as file:
            json.dump({"seconds": self._seconds, "lines": lines}, file)


def pytest_configure(config: pytest.Config) -> None:
    """Begin before any test file, and so any module of ours, is imported."""
    root = str(config.rootpath)
    prefixes = tuple(os.path.join(root, path) for path in os.environ["KURASHI_TRACED"].split(":"))
    tracer = Tracer(prefixes)
    config.pluginmanager.register(Plugin(tracer, os.environ["KURASHI_TRACE"], root))
    threading.settrace(tracer.call)
    sys.settrace(tracer.call)
