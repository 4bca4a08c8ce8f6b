"""Tells clients that a login has ended (OpenID Connect Back-Channel Logout 1.0), past the browser."""

import logging
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import requests

from infra.issuer.sessions import Login
from infra.issuer.tokens import Tokens

log = logging.getLogger("issuer.goodbye")
TIMEOUT_SECONDS = 3.0
TRIES = 3


class Goodbye:
    """Sends logout tokens to the registered addresses; a client that does not take one is named in the log."""

    def __init__(self, tokens: Tokens, addresses: Mapping[str, str]) -> None:
        self._tokens, self._addresses = tokens, addresses

    def tell(self, ended: Iterable[tuple[str, Login]]) -> None:
        """Tell each client of the logins that were its own; returns when all have been told or given up."""
        known = [(client, login) for client, login in ended if client in self._addresses]
        if known:
            with ThreadPoolExecutor(max_workers=4) as pool:
                list(pool.map(lambda ended_login: self._send(*ended_login), known))

    def _send(self, client: str, login: Login) -> None:
        with requests.Session() as session:
            session.trust_env = False
            for _ in range(TRIES):
                token = self._tokens.logout(login, client)
                try:
                    answer = session.post(
                        self._addresses[client], data={"logout_token": token}, timeout=TIMEOUT_SECONDS
                    )
                except requests.RequestException:
                    continue
                if answer.status_code < 500:
                    break
            else:
                log.warning("%s was not told of a logout; its session ends with the tokens", client)
