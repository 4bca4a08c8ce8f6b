"""The environment that each process of a run is given: nothing of the caller's but what is listed here."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import date

from infra.one_machine.folders import PROJECT, Folders
from infra.one_machine.processes.broker import Broker
from infra.one_machine.processes.inherited_environment import passed_on
from infra.one_machine.processes.ports import Ports
from infra.one_machine.processes.postgres import write_secret

GATEWAY = "ui_gateway"
REGISTER = "case_management"
"""The service that keeps the register of assignments (担当)."""
LOG = "audit_logging"
"""The service whose worker publishes the log; its web reads how far that is."""
CALLBACK_OF_ONE_MACHINE = "http://127.0.0.1/callback"
"""Where the issuer sends the command line's own logins; nobody listens there, the address is read off the answer."""


class Environment:
    """Addresses and settings of one run."""

    def __init__(
        self, folders: Folders, ports: Ports, services: Sequence[str], env: str, today: date | None, broker: Broker
    ) -> None:
        self._folders = folders
        self._ports = ports
        self._env = env
        self._today = today
        self._broker = broker
        self.issuer_url = f"http://127.0.0.1:{ports['issuer']}"
        self.urls = {name: f"http://127.0.0.1:{ports[name]}" for name in services}
        self.worker_urls = {name: f"http://127.0.0.1:{ports[f'{name}.worker']}" for name in services}

    def of_service(self, service: str) -> dict[str, str]:
        """Return the environment of a service's web and worker; secrets are in files of its own folder."""
        secrets = self._folders.secrets / service
        write_secret(secrets / "kurashi_broker_url", self._broker.url_of(service))
        own = {
            "KURASHI_SECRETS_DIR": str(secrets),
            "KURASHI_PRODUCER_KEYS_FILE": str(self._folders.secrets / "public" / "producer_keys.json"),
            "KURASHI_ISSUER_URL": self.issuer_url,
            "KURASHI_PEERS": json.dumps(self.urls),
            "KURASHI_PORT": str(self._ports[service]),
            "KURASHI_WORKER_PORT": str(self._ports[f"{service}.worker"]),
            "KURASHI_PUBLIC_URL": self.urls[service],
            "KURASHI_TRACES_DIR": str(self._folders.traces),
            "KURASHI_FILES_DIR": str(self._folders.files),
        }
        if service == LOG:
            own["KURASHI_PUBLISH_DIR"] = str(self._folders.audit)
        return self._base() | own | ({"KURASHI_TODAY": self._today.isoformat()} if self._today else {})

    def of_witness(self) -> dict[str, str]:
        """Return the environment of the witness, which gets no secret and no address."""
        return self._base()

    def of_migrations(self) -> dict[str, str]:
        """Return the environment of the migrations."""
        return self._base()

    def of_issuer(self) -> dict[str, str]:
        """Return the environment of the development issuer."""
        redirects = {
            "one_machine": [CALLBACK_OF_ONE_MACHINE],
            **{name: [f"{url}/callback"] for name, url in self.urls.items() if name == GATEWAY},
        }
        return self._base() | {
            "KURASHI_SECRETS_DIR": str(self._folders.secrets / "issuer"),
            "KURASHI_ISSUER_URL": self.issuer_url,
            "KURASHI_PORT": str(self._ports["issuer"]),
            "KURASHI_REDIRECT_URIS": json.dumps(redirects),
            **self._of_issuers_clients(),
        }

    def _of_issuers_clients(self) -> dict[str, str]:
        """Where the issuer tells of a logout, and whom it asks who is in charge of what."""
        settings = {"KURASHI_TODAY": self._today.isoformat()} if self._today else {}
        if gateway := self.urls.get(GATEWAY):
            settings["KURASHI_LOGGED_OUT_URIS"] = json.dumps({GATEWAY: [f"{gateway}/logout"]})
            settings["KURASHI_BACKCHANNEL_LOGOUT_URIS"] = json.dumps({GATEWAY: f"{gateway}/backchannel-logout"})
        if register := self.urls.get(REGISTER):
            settings["KURASHI_REGISTER_URL"] = register
        return settings

    def _base(self) -> dict[str, str]:
        fixed = {"KURASHI_ENV": self._env, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}
        return passed_on(os.environ) | fixed


def python(*words: str) -> list[str]:
    """Return a command that runs a module of the project in this environment."""
    return [sys.executable, "-s", "-P", "-m", *words]
