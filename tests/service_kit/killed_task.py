"""A worker that is killed (SIGKILL) by the task it does, run as a process of its own by the tests."""

import os
import signal

from shared.service_kit import Service
from shared.service_kit.settings import load_settings
from shared.service_kit.tasks import task
from tests.service_kit.toy.app import service


@task("toy.deadly")
def deadly(service: Service) -> None:
    """End the process without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    deadly(service.configured(load_settings()))
