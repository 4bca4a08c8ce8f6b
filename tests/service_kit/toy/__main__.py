"""A process of the toy service, as the tests start it: `python -m tests.service_kit.toy web`."""

import os

from shared.service_kit.processes import commands, intake, probes, schedule
from tests.service_kit.toy.app import service

if seconds := os.environ.get("TOY_SECONDS"):  # tests do not wait as long as an office does
    intake.HEAD_SECONDS = intake.SILENT_SECONDS = probes.SECONDS = float(seconds)  # type: ignore[misc]
    schedule.HOLD_SECONDS = int(float(seconds))

commands.main(service)
