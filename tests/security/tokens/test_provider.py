"""A provider, or a machine between, that means ill: redirects, foreign certificates, foreign tokens and promises."""

import json
import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from flask import Flask, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs
from werkzeug.serving import make_server

from services.ui_gateway.clients.identity import IdentityProvider
from shared.access.claims import OfficeClaims
from shared.service_kit.database.engine import make_engine
from shared.service_kit.identity.access_tokens import TokenVerifier
from shared.service_kit.identity.machine_tokens import MachineTokens
from shared.service_kit.identity.oidc_provider import Provider
from shared.service_kit.problems import Problem
from shared.service_kit.service_client import ServiceClient
from shared.service_kit.settings import Settings
from shared.service_kit.testing import make_token
from tests.ui_gateway.staff import Door

KEY = OKPKey.generate_key("Ed25519", {"kid": "provider"})
NONCE = "the nonce of this login"


@pytest.fixture
def elsewhere() -> Iterator[tuple[Settings, list[str]]]:
    """A provider and service that sends everybody on to another, and what the other was told."""
    here, other, told = Door(), Door(), list[str]()
    sends, takes = Flask("sends"), Flask("takes")

    @sends.route("/<path:path>", methods=["GET", "POST"])
    def send(path: str) -> Any:
        return redirect(f"{other.url}/{path}", 307)

    @takes.before_request
    def take() -> str:
        told.append(f"{request.method} {request.path} {request.headers.get('Authorization', '')}")
        return "{}"

    here.app, other.app = sends, takes
    yield Settings(env="test", issuer_url=here.url, client_secret=secrets.token_urlsafe()), told
    here.close()
    other.close()


def test_no_token_and_no_secret_follows_a_redirect(elsewhere: tuple[Settings, list[str]]) -> None:
    settings, told = elsewhere
    tokens = MachineTokens(settings, "payments")
    service = ServiceClient("case_management", settings.issuer_url, requests.Session(), tokens, "a person's token")
    verifier = TokenVerifier(settings, "payments")
    with service.session, pytest.raises(Problem, match="unavailable"):
        service.get("/cases/00000001")
    with pytest.raises(Problem):
        tokens.token("case_management")
    with pytest.raises(Problem, match="unavailable"):
        verifier.verify(f"Bearer {make_token('somebody', [], 'payments')}")
    with pytest.raises(Problem, match="unavailable"):
        IdentityProvider(settings, "ui_gateway", verifier).login_url("/callback", "state", "nonce", "verifier")
    assert told == []


def test_a_peer_whose_certificate_nobody_vouches_for_is_refused_and_named_in_the_log(tmp_path: Path) -> None:
    with (
        issuer_with_tls(own_certificate(tmp_path)) as (url, _),
        capture_logs() as told,
        pytest.raises(Problem, match="unavailable"),
    ):
        MachineTokens(Settings(env="test", issuer_url=url), "payments").token("case_management")
    (line,) = told
    assert (line["event"], line["log_level"]) == ("issuer.unreachable", "warning")
    assert line["why"].startswith("SSLError")


def own_certificate(folder: Path) -> Path:
    """A certificate for this machine that its own key has signed, with that key."""
    key, now = Ed25519PrivateKey.generate(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    named = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    build = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(hours=1))
    made = build.add_extension(named, critical=False).sign(key, None)
    path = folder / "own.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.database
def test_the_address_of_a_database_can_demand_its_certificate(admin_url: str) -> None:
    """The test's own server has none, so that nothing is said to it."""
    engine = make_engine(f"{admin_url}?sslmode=verify-full")
    with pytest.raises(OperationalError, match=r"SSL|certificate"):
        engine.connect()
    engine.dispose()


def signed(issuer: str, typ: str = "JWT", key: OKPKey = KEY, header: dict[str, Any] | None = None, **more: Any) -> str:
    """A token of the provider for the gateway, with changes."""
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": issuer, "sub": "demo-head", "aud": "ui_gateway", "iat": now, "exp": now + 60, **more}
    return jwt.encode({"alg": "Ed25519", "typ": typ, "kid": "provider", **(header or {})}, claims, key, ["Ed25519"])


class Answers:
    """A provider that answers what the test tells it to."""

    def __init__(self, door: Door) -> None:
        self.url, self.issuer = door.url, door.url
        self.identity: dict[str, Any] = {"nonce": NONCE}
        self.given: Any = {}
        self.more: dict[str, Any] = {}
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._configuration)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        door.app = app

    def _configuration(self) -> dict[str, Any]:
        own = {"issuer": self.issuer, "token_endpoint": f"{self.url}/token", "authorization_endpoint": self.url}
        return own | self.more

    def _token(self) -> Any:
        access = signed(self.url, "at+jwt", kind="person", roles=["head"])
        given = {"access_token": access, "id_token": signed(self.url, **self.identity)}
        return given | self.given if isinstance(self.given, dict) else self.given

    def log_in(self) -> str:
        """Log in at the gateway's client; gives the person."""
        client = IdentityProvider(settings(self), "ui_gateway", verifier(self))
        return client.redeem("a code", "http://127.0.0.1/callback", "a verifier", NONCE).subject


@pytest.fixture
def provider() -> Iterator[Answers]:
    door = Door()
    yield Answers(door)
    door.close()


@pytest.mark.parametrize(
    "changes",
    [{"nonce": "of another login"}, {"nonce": None}, {"aud": "payments"}, {"sub": "demo-treasurer"}, {"typ": "at+jwt"}],
    ids=str,
)
def test_an_identity_token_of_another_login_logs_nobody_in(provider: Answers, changes: dict[str, Any]) -> None:
    assert provider.log_in() == "demo-head"
    provider.identity |= changes
    with pytest.raises(Problem, match="not-authenticated"):
        provider.log_in()


def test_a_configuration_that_names_another_issuer_is_refused(provider: Answers) -> None:
    provider.issuer = "https://elsewhere.example"
    with pytest.raises(Problem, match="unavailable"):
        provider.log_in()


@pytest.mark.parametrize(
    "given",
    [[], "", "no JSON", {"expires_in": "soon"}, {"expires_in": 1e300}, {"access_token": ["a"]}, {"id_token": 7},
     {"access_token": None}, {"refresh_token": "a\0"}],
    ids=str,
)  # fmt: skip
def test_tokens_that_nobody_can_read_log_nobody_in_and_are_the_providers_fault(provider: Answers, given: Any) -> None:
    provider.given = given
    with pytest.raises(Problem, match="unavailable"):
        provider.log_in()


@pytest.mark.parametrize("address", [None, 7, ["http://127.0.0.1"], "", "http://[::1", "javascript:alert(1)", "a\nb"])
def test_an_address_that_is_none_is_not_believed(provider: Answers, address: Any) -> None:
    provider.more = {"authorization_endpoint": address}
    with pytest.raises(Problem, match="unavailable"):
        provider.log_in()


@pytest.mark.parametrize("endpoint", ["jwks_uri", "token_endpoint", "end_session_endpoint"])
def test_an_issuer_with_tls_that_names_an_address_without_it_is_not_believed(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(own_certificate(tmp_path)))
    with issuer_with_tls(tmp_path / "own.pem") as (url, told):
        assert Provider(url, 2).address("token_endpoint") == f"{url}/token"
        told[endpoint] = "http://127.0.0.1/elsewhere"
        with pytest.raises(Problem, match="unavailable"):
            Provider(url, 2).configuration()


@contextmanager
def issuer_with_tls(certificate: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """An issuer with a certificate, and what it says of itself."""
    context, app, told = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), Flask("issuer"), dict[str, str]()
    context.load_cert_chain(certificate)
    app.add_url_rule("/.well-known/openid-configuration", view_func=lambda: told)
    server = make_server("127.0.0.1", 0, app, ssl_context=context)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    url = f"https://127.0.0.1:{server.server_port}"
    told |= {"issuer": url, "token_endpoint": f"{url}/token"}
    try:
        yield url, told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_key_that_a_token_brings_along_is_not_believed(provider: Answers) -> None:
    stranger = OKPKey.generate_key("Ed25519", {"kid": "provider"})
    header = {"jwk": stranger.as_dict(private=False), "jku": "https://elsewhere.example/jwks"}
    token = signed(provider.url, "at+jwt", stranger, header, kind="person", roles=["head"])
    with pytest.raises(Problem, match="not-authenticated"):
        verifier(provider).verify(f"Bearer {token}")


def test_a_token_before_its_time_is_refused(provider: Answers) -> None:
    now = int(datetime.now(UTC).timestamp())
    good, early = (signed(provider.url, "at+jwt", kind="person", nbf=at) for at in (now, now + 600))
    assert verifier(provider).verify(f"Bearer {good}").subject == "demo-head"
    with pytest.raises(Problem, match="not-authenticated"):
        verifier(provider).verify(f"Bearer {early}")


def settings(provider: Answers) -> Settings:
    """What a service is told of the provider."""
    jwks = json.dumps(KeySet([KEY]).as_dict(private=False))
    return Settings(env="test", issuer_url=provider.url, issuer_jwks=jwks)


def verifier(provider: Answers) -> TokenVerifier:
    """The gateway's own."""
    return TokenVerifier(settings(provider), "ui_gateway", access_claims=OfficeClaims)
