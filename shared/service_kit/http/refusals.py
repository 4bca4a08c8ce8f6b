"""Refusals, for the HTTP application of a service and for the pages alike: each is counted, and recorded for the audit.

What is turned away by the minute's limits is published once the minute is over.
"""

from dataclasses import dataclass
from uuid import uuid4

from shared.service_kit.identity.access_tokens import Caller
from shared.service_kit.problems import Problem
from shared.service_kit.runtime import Runtime
from shared.service_kit.unit_of_work import unit_of_work


def publish_untold(runtime: Runtime) -> None:
    """Publish how many requests were turned away in a minute that is over: one entry an actor, and one a record."""
    for actor, counts in runtime.rate_limits.take_untold().items():
        try:
            with unit_of_work(runtime, actor, str(uuid4())) as work:
                for record, count in counts.items():
                    about = {"problem": "out-of-scope" if record else "too-many-requests", "subject": record}
                    work.refusal(runtime.refusal_type(method="", route="", permission="", count=count, **about))
        except Exception:
            for record, count in counts.items():
                runtime.rate_limits.leave_untold(actor, record, count)
            raise


@dataclass(frozen=True)
class Attempt:
    """A request that is refused: whose it is, from which address, and what it asked for."""

    caller: Caller
    source: str
    method: str
    route: str
    permission: str


def refuse(runtime: Runtime, attempt: Attempt, problem: Problem, correlation: str) -> None:
    """Count a refusal and record it for the audit.

    Raises:
        Problem: too-many-requests, in place of the refusal, where it is counted and recorded no more one by one.
    """
    counted = runtime.rate_limits.refuse(attempt.caller.actor, attempt.source, problem.subject)
    if counted.published:
        refusal = runtime.refusal_type(
            method=attempt.method,
            route=attempt.route,
            permission=attempt.permission,
            problem=problem.name,
            subject=problem.subject,
            why=problem.why,
        )
        with unit_of_work(runtime, attempt.caller.actor, correlation) as work:
            work.refusal(refusal)
    if counted.instead:
        raise counted.instead from None
