"""Facts that ui_gateway publishes: sessions of the staff, and lists that left it as files."""

from uuid import UUID

from shared.contracts.codes import ListName, SessionEnd
from shared.contracts.facts.fact_data import FactData


class Login(FactData):
    """A person began a session at the gateway."""

    TYPE = "login.v1"
    session_id: UUID


class Logout(FactData):
    """A session ended: by the person, by idleness or by its absolute limit."""

    TYPE = "logout.v1"
    session_id: UUID
    reason: SessionEnd


class ListExported(FactData):
    """A person was given a list as a CSV file; whom it names stands in the looks of the same correlation.

    Args:
        rows: of the file, without its headings.
        sha256: of its bytes.
    """

    TYPE = "list.exported.v1"
    list_name: ListName
    rows: int
    sha256: str
