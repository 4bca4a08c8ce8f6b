"""What the pure rules of deciding refuse, told as problems."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.approvals.two_people import Moved, SamePerson
from shared.service_kit.problems import Problem


@contextmanager
def told_as_problems(moved: str) -> Iterator[None]:
    """Tell ``SamePerson`` as ``same-person`` and ``Moved`` as the problem type ``moved``."""
    try:
        yield
    except SamePerson as error:
        raise Problem("same-person", field="approver") from error
    except Moved as error:
        raise Problem(moved, field="sha256", detail="もう一度内容を確認してから決裁してください") from error
