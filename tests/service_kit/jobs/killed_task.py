"""A worker that is killed (SIGKILL) by the task it does, run as a process of its own by the tests."""

import os
import signal

from shared.service_kit.runtime import Runtime
from shared.service_kit.settings import load_settings
from shared.service_kit.tasks import task
from tests.service_kit.toy.app import service


@task("toy.deadly")
def deadly(runtime: Runtime) -> None:
    """End the process without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    deadly(service.runtime(load_settings()))
