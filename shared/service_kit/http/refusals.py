"""Requests that were turned away by the minute's limits: published once the minute is over."""

from uuid import uuid4

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
