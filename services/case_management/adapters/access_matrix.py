"""The matrix of permissions, kept whenever it changes: code is replaced, and an auditor asks about a past day."""

from datetime import datetime

from sqlalchemy import insert, select

from services.case_management.adapters.tables import access_matrices
from services.case_management.domain.access import Matrix
from shared.approvals.canonical import sha256_of
from shared.service_kit.database.locks import declare
from shared.service_kit.unit_of_work import UnitOfWork

_MATRIX = declare("assignments.matrix")


def keep_matrix(work: UnitOfWork) -> None:
    """Keep the matrix of this process, unless it is the newest that is kept."""
    _MATRIX.hold(work.connection)
    matrix = {permission: dict(roles) for permission, roles in work.runtime.permissions.items()}
    sha256 = sha256_of([matrix])
    newest = select(access_matrices.c.sha256).order_by(access_matrices.c.number.desc()).limit(1)
    if work.connection.scalar(newest) != sha256:
        work.connection.execute(
            insert(access_matrices).values(recorded_at=work.clock.now(), sha256=sha256, matrix=matrix)
        )


def matrices_between(work: UnitOfWork, first: datetime, last: datetime) -> list[Matrix]:
    """Every matrix that was in force at some time from `first` to `last`; the oldest one where none is kept of then."""
    rows = work.connection.execute(
        select(access_matrices.c.recorded_at, access_matrices.c.matrix).order_by(access_matrices.c.number)
    ).all()
    before = [row.matrix for row in rows if row.recorded_at <= first]
    during = [row.matrix for row in rows if first < row.recorded_at <= last]
    return [*before[-1:], *during] or [row.matrix for row in rows[:1]]
