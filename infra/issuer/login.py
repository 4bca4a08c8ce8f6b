"""Logs synthetic staff in over HTTP, step by step as a browser would: for the command line and for tests."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import requests

from infra.issuer.approval import STEP_UP, Approval
from infra.issuer.codes import challenge_of
from infra.issuer.endpoints.token import ACCESS_TOKEN, EXCHANGE

TIMEOUT_SECONDS = 10


class LoginFailed(Exception):  # reads as what happened
    """The issuer refused; the text is its error code or the page's status."""


@dataclass(frozen=True)
class ClientCredentials:
    """Who asks for tokens, and the address registered for it (nobody has to listen there)."""

    client_id: str
    secret: str
    redirect_uri: str


def person_token(
    issuer_url: str, staff: str, client: ClientCredentials, audience: str, approves: Sequence[str] = ()
) -> str:
    """Return an access token of a member of staff for a service: code flow with PKCE, then token exchange.

    With `approves`, the SHA-256 of what is approved, it is a confirmation bound to them (step-up).

    Raises:
        LoginFailed: the issuer refuses.
    """
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": "openid",
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        **(step_up_query(staff, Approval(tuple(approves))) if approves else {}),
    }
    with direct_session() as browser:
        back = choose_staff(browser, f"{issuer_url}/authorize?{urlencode(query)}", staff)
    answer = parse_qs(urlsplit(back).query)
    if answer.get("state") != [state] or "code" not in answer:
        raise LoginFailed(answer.get("error", ["no code"])[0])
    code = {"grant_type": "authorization_code", "code": answer["code"][0], "code_verifier": verifier}
    subject = _ask(issuer_url, client, code | {"redirect_uri": client.redirect_uri})
    exchange = {"grant_type": EXCHANGE, "subject_token": subject, "subject_token_type": ACCESS_TOKEN}
    return _ask(issuer_url, client, exchange | {"audience": audience})


def step_up_query(staff: str, approval: Approval) -> dict[str, str]:
    """Return what an authorization request says beside, where it wants an approval confirmed."""
    details: list[dict[str, Any]] = [{**approval.details()[0], "words": approval.words}]
    return {
        "acr_values": STEP_UP,
        "prompt": "login",
        "max_age": "0",
        "login_hint": staff,
        "authorization_details": json.dumps(details, ensure_ascii=False),
    }


def machine_token(issuer_url: str, client: ClientCredentials, audience: str) -> str:
    """Return an access token of the client itself for a service.

    Raises:
        LoginFailed: the issuer refuses.
    """
    return _ask(issuer_url, client, {"grant_type": "client_credentials", "audience": audience})


def browser_session(page_url: str, staff: str) -> requests.Session:
    """Return a session logged in at the page that sends the browser to the issuer (the gateway's `/login`).

    Raises:
        LoginFailed: the page or the issuer refuses.
    """
    browser = direct_session()
    back = choose_staff(browser, page_url, staff)
    answer = browser.get(back, timeout=TIMEOUT_SECONDS)
    if answer.status_code >= 400:
        browser.close()
        raise LoginFailed(str(answer.status_code))
    return browser


def confirmed(page_url: str, staff: str) -> str:
    """Confirm what the issuer's page shows, and return the address that does the act for which it was asked.

    Raises:
        LoginFailed: the issuer refuses.
    """
    with direct_session() as browser:
        return choose_staff(browser, page_url, staff)


def choose_staff(browser: requests.Session, url: str, staff: str) -> str:
    """Open the login page (redirects are followed), press the button of `staff`, return where the issuer sends us."""
    page = browser.get(url, timeout=TIMEOUT_SECONDS)
    form = _Form()
    form.feed(page.text)
    if page.status_code != 200 or staff not in form.buttons:
        raise LoginFailed(f"no button for {staff} (status {page.status_code})")
    pressed = browser.post(
        urljoin(page.url, form.action),
        data=form.hidden | {"login_hint": staff},
        allow_redirects=False,
        timeout=TIMEOUT_SECONDS,
    )
    if pressed.status_code != 303:
        raise LoginFailed(str(pressed.status_code))
    return pressed.headers["Location"]


def _ask(issuer_url: str, client: ClientCredentials, grant: dict[str, str]) -> str:
    basic = (client.client_id, client.secret)
    with direct_session() as session:
        answer = session.post(f"{issuer_url}/token", data=grant, auth=basic, timeout=TIMEOUT_SECONDS)
    if answer.status_code != 200:
        raise LoginFailed(answer.json().get("error", str(answer.status_code)))
    return str(answer.json()["access_token"])


def direct_session() -> requests.Session:
    """Return a session that goes to this machine's own ports, past any proxy that the environment names."""
    session = requests.Session()
    session.trust_env = False
    return session


class _Form(HTMLParser):
    """The login form as a browser sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.buttons: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's address, hidden fields and buttons."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = attributes.get("action", "")
        elif tag == "input" and attributes.get("type") == "hidden":
            self.hidden[attributes["name"]] = attributes["value"]
        elif tag == "button":
            self.buttons.add(attributes.get("value", ""))
