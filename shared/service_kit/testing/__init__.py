"""What tests use: services on a real PostgreSQL built by the real migrations, tokens, pages, a clock by hand."""

from shared.service_kit.testing.at_once import AtOnce, at_once
from shared.service_kit.testing.client import Client, Reply
from shared.service_kit.testing.service import RunningService
from shared.service_kit.testing.services import Services
from shared.service_kit.testing.tokens import ISSUER, make_token, stepped_up, token_key
from shared.service_kit.unit_of_work import UnitOfWork

__all__ = [
    "ISSUER",
    "AtOnce",
    "Client",
    "Reply",
    "RunningService",
    "Services",
    "UnitOfWork",
    "at_once",
    "make_token",
    "stepped_up",
    "token_key",
]
