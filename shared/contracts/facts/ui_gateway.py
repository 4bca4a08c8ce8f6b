"""Facts that ui_gateway publishes: sessions of the staff."""

from uuid import UUID

from shared.contracts.codes import SessionEnd
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
