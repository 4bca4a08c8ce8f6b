"""How far the producers have published: asked of each over HTTP, with no transaction open."""

from __future__ import annotations

from typing import Any

from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import Problem, error_location
from shared.service_kit.runtime import Runtime
from shared.service_kit.streams.envelope import STREAMS


def ask_producers(runtime: Runtime) -> dict[str, int]:
    """How far each other producer says that it has published by now; without those that do not answer.

    One that starts with the log may be silent while the canary is written: then it has promised nothing that day.
    """
    published: dict[str, int] = {}
    producers = {producer for producer, _ in runtime.catalog.streams_of(runtime.name)}
    for producer in sorted(producers & {*runtime.settings.peers} - {runtime.name}):
        published |= _ask(runtime, producer)
    return published


def by_stream(producer: str, positions: dict[str, Any]) -> dict[str, int]:
    """A producer's positions by stream ("payments.looks")."""
    return {f"{producer}.{stream}": int(positions[stream]) for stream in STREAMS}


def _ask(runtime: Runtime, producer: str) -> dict[str, int]:
    try:
        with telemetry.quiet():
            return by_stream(producer, runtime.clients.client(producer).get("/events/positions"))
    except Problem as problem:
        log().warning("log.self_check.silent", producer=producer, why=error_location(problem))
        return {}
