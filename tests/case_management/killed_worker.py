"""A worker that is killed (SIGKILL) while it works, run as a process of its own by the tests.

Arguments: the task, and the statement (counted over all, from 1) at which the process dies.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from services.case_management.app import service
from services.case_management.worker import approve_chunks, determine_chunks, load_imports
from shared.service_kit.settings import load_settings


def main() -> None:
    """Work until the statement comes, then die without a word; status 0 where it never came."""
    task = {"load": load_imports, "determine": determine_chunks, "approve": approve_chunks}[sys.argv[1]]
    left = int(sys.argv[2])
    opened = service.runtime(load_settings())

    @event.listens_for(opened.engine, "after_cursor_execute")
    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    task(opened)


if __name__ == "__main__":
    main()
