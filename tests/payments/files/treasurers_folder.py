"""The treasurer's folder as the tests see it: what stands there, and what a person does about it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from services.payments import worker
from shared.service_kit.jobs.failures import PAUSES, SHOWN_AFTER
from shared.service_kit.testing import Reply
from tests.payments.office import MONTH, Office

PA, SB = "public_assistance", "support_benefit"
NAME = f"{MONTH}/{MONTH}-01-regular-{PA}.dat"


def folder(office: Office) -> Path:
    return Path(office.running.runtime.settings.files_dir)


def only_file(office: Office, run: dict[str, Any]) -> dict[str, Any]:
    (file,) = office.run(run["run_id"])["files"]
    return dict(file)


def standing(office: Office, run: dict[str, Any]) -> str:
    return str(only_file(office, run)["standing"])


def act(office: Office, run: dict[str, Any], name: str, sha256: str = "") -> Reply:
    body = {"sha256": sha256 or only_file(office, run)["sha256"]}
    return office.treasurer.post(f"/runs/{run['run_id']}/files/{PA}/{name}", json=body)


def failing(office: Office, times: int = SHOWN_AFTER) -> None:
    """Try the hand-over so many times, each after its pause."""
    for _ in range(times):
        worker.make_files(office.running.runtime)
        office.running.clock.set(now=office.running.clock.now() + timedelta(seconds=max(PAUSES)))
