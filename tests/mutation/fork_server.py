"""Runs pytest again and again from one parent that has imported what does not change: the packages of others.

Started as a program in the copy of the tree, so that what a child imports of ours is the copy's. Reads a request a line
({"args", "log", "cpu", "timeout", "write_bytecode"}) and answers a line ({"code", "seconds", "pid"}). What counts is
seconds of CPU, so that a busy machine makes nothing look as if it hung; code null: the seconds of the clock went by.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from typing import Any

OTHERS = (
    "pytest", "numpy", "flask", "apiflask", "sqlalchemy", "sqlalchemy.dialects.postgresql", "psycopg",
    "alembic.command", "celery", "kombu", "redis", "pydantic", "pydantic_settings", "cryptography.x509",
    "joserfc.jwt", "joserfc.jwk",
    "authlib.integrations.requests_client", "hypothesis", "hypothesis.strategies", "hypothesis.stateful", "structlog",
    "opentelemetry.sdk.trace", "opentelemetry.sdk.metrics", "orjson",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter", "prometheus_client", "jpholiday", "jaconv", "limits",
    "requests", "rfc8785", "zengin_code", "boto3", "moto", "werkzeug.serving",
)  # fmt: skip


def main() -> None:
    """Import, say so, and answer until the input ends."""
    for name in OTHERS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    sys.path.insert(0, os.getcwd())
    _say({"ready": True})
    for line in sys.stdin:
        _say(_run(json.loads(line)))


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _run(request: dict[str, Any]) -> dict[str, Any]:
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _be_pytest(request)
    code = _wait(child, began + request["timeout"])
    return {"code": code, "seconds": round(time.monotonic() - began, 2), "pid": child}


def _be_pytest(request: dict[str, Any]) -> None:
    code = 70
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (int(request["cpu"]), int(request["cpu"]) + 5))
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for stream in (1, 2):
            os.dup2(log, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.dont_write_bytecode = not request["write_bytecode"]
        os.environ.update(request.get("environment", {}))
        import pytest

        code = int(pytest.main(request["args"]))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _wait(child: int, until: float) -> int | None:
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


if __name__ == "__main__":
    main()
