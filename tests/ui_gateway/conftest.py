"""Opens a whole office for the tests of the pages."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from infra.issuer.app import create_app
from infra.issuer.clients import secret_digest
from infra.issuer.settings import load
from services.audit_logging.app import service as audit_logging
from services.case_management.app import service as case_management
from services.payments.app import service as payments
from services.support_benefits.app import service as support_benefits
from services.ui_gateway.app import service as ui_gateway
from shared.service_kit.identity.oidc_provider import forget_providers
from shared.service_kit.service import Service
from shared.service_kit.settings import Settings
from shared.service_kit.testing import Services
from tests.ui_gateway.staff import Door, Office

SERVICES = (case_management, support_benefits, payments, ui_gateway)
TODAY = date(2026, 11, 24)
PATIENCE = 20
"""Seconds for a question to another service: a page is whole on a slow and busy machine too."""


@pytest.fixture
def own_office(services: Services, tmp_path: Path) -> Iterator[Office]:
    """An office whose services answer over HTTP and know each other by the issuer's tokens alone."""
    yield from _office(services, tmp_path, SERVICES)


@pytest.fixture
def office(own_office: Office) -> Office:
    """The test's own office, unless its file says that the tests share one."""
    return own_office


@pytest.fixture(scope="module")
def office_of_file(services_of_file: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office for the tests of a file."""
    yield from _office(services_of_file, tmp_path_factory.mktemp("office"), SERVICES)


@pytest.fixture
def lasting_office(office_of_file: Office) -> Office:
    """The file's office, for a test that neither minds what others left in it nor leaves what they would mind."""
    office_of_file.begin()
    return office_of_file


@pytest.fixture
def audited_office(services: Services, tmp_path: Path) -> Iterator[Office]:
    """The same office with its log."""
    yield from _office(services, tmp_path, (*SERVICES, audit_logging))


@pytest.fixture
def hurried_office(services: Services, tmp_path: Path) -> Iterator[Office]:
    """An office in which a question is waited for as long as in a real one."""
    yield from _office(services, tmp_path, SERVICES, Settings().question_seconds)


def _office(
    services: Services, tmp_path: Path, declared: Sequence[Service], patience: int = PATIENCE
) -> Iterator[Office]:
    forget_providers()  # another office may have had an issuer at the same port
    doors = {name: Door() for name in ("issuer", *(service.name for service in declared))}
    secrets = {name: f"secret of {name}" for name in ("one_machine", *(service.name for service in declared))}
    doors["issuer"].app = _issuer(doors, secrets, tmp_path)
    settings: dict[str, Any] = {
        "env": "demo",
        "issuer_url": doors["issuer"].url,
        "issuer_jwks": "",
        "peers": {service.name: doors[service.name].url for service in declared},
        "traces_dir": tmp_path / "traces",
        "question_seconds": patience,
        "failed_logins_a_minute": 100_000,  # a file fails as often as an office in a year
    }
    opened = {}
    for service in declared:
        own = {"client_secret": secrets[service.name], "public_url": doors[service.name].url}
        opened[service.name] = services.open(service, **settings, **own)
        opened[service.name].clock.set(today=TODAY)
        doors[service.name].app = opened[service.name].app
    office = Office(opened, doors, doors["issuer"].url, secrets, tmp_path)
    yield office
    office.close()


def _issuer(doors: dict[str, Door], secrets: dict[str, str], folder: Path) -> Any:
    clients = {name: secret_digest(secret) for name, secret in secrets.items()}
    (folder / "clients.json").write_text(json.dumps(clients))
    environment = {
        "KURASHI_ENV": "test",
        "KURASHI_SECRETS_DIR": str(folder),
        "KURASHI_ISSUER_URL": doors["issuer"].url,
        "KURASHI_LOGGED_OUT_URIS": json.dumps({"ui_gateway": [f"{doors['ui_gateway'].url}/logout"]}),
        "KURASHI_BACKCHANNEL_LOGOUT_URIS": json.dumps({"ui_gateway": f"{doors['ui_gateway'].url}/backchannel-logout"}),
        "KURASHI_REDIRECT_URIS": json.dumps({"ui_gateway": [f"{doors['ui_gateway'].url}/callback"]}),
    }
    return create_app(load(environment))


@pytest.fixture(scope="module")
def audited_office_of_file(services_of_file: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office with its log for the tests of a file."""
    yield from _office(services_of_file, tmp_path_factory.mktemp("office"), (*SERVICES, audit_logging))
