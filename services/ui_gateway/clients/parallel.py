"""Several services asked at once: a page waits for the slowest of them, not for their sum."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, Final, TypeVar

from shared.service_kit.problems import Problem

Name = TypeVar("Name")
Answer = TypeVar("Answer")
Question = tuple[str, str]
"""What is asked, and of which service."""
Answers = Mapping[Question, Any]
_POOL: Final = ThreadPoolExecutor(256, "ask")
"""More threads than all pages of a process ask questions at a time, made when they are first needed and then kept: to
begin one takes longer than to draw a page, and a page that waits for a late service keeps no other one waiting."""


def of_each(answers: Answers, what: str) -> dict[str, Any]:
    """The answers to one question by service; a problem where the service is away."""
    return {service: answer for (asked, service), answer in answers.items() if asked == what}


def parted(answers: Mapping[Name, Answer | Problem]) -> tuple[dict[Name, Answer], dict[Name, Problem]]:
    """What was answered, and the problems of those that are away."""
    known = {name: answer for name, answer in answers.items() if not isinstance(answer, Problem)}
    return known, {name: answer for name, answer in answers.items() if isinstance(answer, Problem)}


def ask_all(questions: Mapping[Name, Callable[[], Answer]]) -> dict[Name, Answer | Problem]:
    """Ask every question at once; where a service is away, its problem stands in place of the answer.

    Raises:
        Problem: any other than that a service is away (503).
    """
    asked = {name: _POOL.submit(copy_context().run, _tried, ask) for name, ask in questions.items()}
    wait(asked.values())
    return {name: answer.result() for name, answer in asked.items()}


def _tried(ask: Callable[[], Answer]) -> Answer | Problem:
    try:
        return ask()
    except Problem as problem:
        if problem.status != 503:
            raise
        return problem
