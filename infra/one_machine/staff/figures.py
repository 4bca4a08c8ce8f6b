"""The figures that services tell of themselves, asked over HTTP."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import Office
from infra.one_machine.staff.acts import DECIDING
from infra.one_machine.staff.invariants import Month
from infra.one_machine.staff.staff_session import Answer

AT_ONCE: Final = 4
"""How many services are asked side by side."""


def figures_of(office: Office, service: str, month: str | None = None) -> Answer:
    """A service's own figures of a month, or of all months.

    Raises:
        MachineError: it does not tell them.
    """
    query = {"month": month} if month else {}
    with office.client(service) as client:
        response = client.get("/figures", **query)
    if not response.ok:
        raise MachineError(f"{service} does not tell its figures (status {response.status_code})")
    return dict(response.json())


def figures_of_all(office: Office) -> dict[str, Answer]:
    """The figures of every service, all months together; raises as `figures_of`."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return dict(zip(office.urls, pool.map(lambda service: figures_of(office, service), office.urls), strict=True))


def figures_of_months(office: Office, months: Iterable[str]) -> list[Month]:
    """What the deciding services and payments tell of each month; raises as `figures_of`."""
    requested = [(month, service) for month in months for service in (*DECIDING, "payments")]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        figures = dict(
            zip(requested, pool.map(lambda pair: figures_of(office, pair[1], pair[0]), requested), strict=True)
        )
    return [
        Month(month, {service: figures[month, service] for service in DECIDING}, figures[month, "payments"])
        for month, service in requested
        if service == "payments"
    ]
