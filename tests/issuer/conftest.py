"""A running issuer with one confidential client that has an address, and one service."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from infra.issuer.app import create_app
from infra.issuer.clients import secret_digest
from infra.issuer.login import ClientCredentials
from infra.issuer.settings import load
from tests.issuer.running_issuer import RunningIssuer


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[RunningIssuer]:
    """Serve an issuer on a free port."""
    server = make_server("127.0.0.1", 0, lambda environ, start: app(environ, start), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    client = ClientCredentials("ui_gateway", "gateway-secret", "http://127.0.0.1:1/callback")
    secrets = {"ui_gateway": client.secret, "payments": "payments-secret", "case_management": "other-secret"}
    clients = {name: secret_digest(secret) for name, secret in secrets.items()}
    (tmp_path / "clients.json").write_text(json.dumps(clients))
    app = create_app(
        load(
            {
                "KURASHI_ENV": "test",
                "KURASHI_SECRETS_DIR": str(tmp_path),
                "KURASHI_ISSUER_URL": url,
                "KURASHI_REDIRECT_URIS": json.dumps({"ui_gateway": [client.redirect_uri]}),
            }
        )
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield RunningIssuer(url, tmp_path / "keys", client)
    server.shutdown()
    thread.join()
    server.server_close()
