"""The names of the staff (職員の氏名), as the identity provider named them at their logins; the past stays."""

from collections.abc import Mapping

from sqlalchemy import insert, select

from services.ui_gateway.sessions.tables import staff_names
from shared.service_kit.unit_of_work import UnitOfWork


def keep_name(work: UnitOfWork, staff: str, name: str) -> None:
    """Keep how the provider names a person; nothing where it names nobody, or as before."""
    own = staff_names.c.staff == staff
    newest = select(staff_names.c.name).where(own).order_by(staff_names.c.number.desc()).limit(1)
    if name and name != staff and name != work.connection.scalar(newest):
        work.connection.execute(insert(staff_names).values(staff=staff, name=name, known_at=work.clock.now()))


def newest_names(work: UnitOfWork) -> Mapping[str, str]:
    """Everybody's newest name, by id."""
    columns = staff_names.c.staff, staff_names.c.name
    newest = select(*columns).distinct(columns[0]).order_by(columns[0], staff_names.c.number.desc())
    return {row.staff: row.name for row in work.connection.execute(newest)}
