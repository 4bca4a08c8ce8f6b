"""The provider of identities says too little of itself, and nobody is sent in a circle for it."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from shared.service_kit.identity.oidc_provider import forget_providers
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database
DISCOVERY = "/.well-known/openid-configuration"


def test_a_provider_that_names_no_page_for_logins_is_away_and_sends_a_browser_nowhere(office: Office) -> None:
    issuer = office.doors["issuer"]
    complete = issuer.app
    assert complete is not None
    configuration = Client(complete).get(DISCOVERY).get_json()
    del configuration["authorization_endpoint"]

    def nameless(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != DISCOVERY:
            return complete(environ, start)  # type: ignore[no-any-return]
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(configuration).encode()]

    issuer.app = nameless
    forget_providers()
    office.restart_gateway()
    answer = office.stranger().http.get(f"{office.url}/login", timeout=30)
    assert (answer.status_code, answer.history) == (503, [])
    assert "認証基盤がログイン画面の場所を示していません" in answer.text
