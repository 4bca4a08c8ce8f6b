"""All processes of an office on one machine: PostgreSQL, broker, issuer, web and worker of each service, witness."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType

import requests

from infra.issuer.login import direct_session
from infra.one_machine.catalog import services
from infra.one_machine.folders import folders, full_disk
from infra.one_machine.problems import MachineError
from infra.one_machine.processes import forking
from infra.one_machine.processes.broker import Broker
from infra.one_machine.processes.child import Child, run_side_by_side
from infra.one_machine.processes.environment import LOG, Environment, python
from infra.one_machine.processes.locks import FolderLock
from infra.one_machine.processes.office import NOTE, Office, running_office
from infra.one_machine.processes.ports import Ports
from infra.one_machine.processes.postgres import Postgres
from infra.one_machine.processes.supervisor import Supervisor
from shared.service_kit.provisioning.provision import provision

READY_SECONDS = 120.0
SERVICES_STOP_SECONDS = 4.0
SERVERS_STOP_SECONDS = 3.0
WITNESS_SECONDS = 1
"""How often the witness looks at what is published."""
SERVERS = ("broker", "postgres")


class Stack:
    """The processes of one data folder, from `with` to its end.

    Args:
        data_dir: the data folder; made where it is missing.
        env: KURASHI_ENV of all processes, demo or test.
        today: the business date, the real one where None.
        say: told in a few words what is being done.
        only: the services to start, all of `catalog.toml` where None.
        tell: told in a few words which process ended and is started again.
    """

    def __init__(
        self,
        data_dir: Path | str,
        env: str = "demo",
        today: date | None = None,
        say: Callable[[str], None] = lambda _: None,
        only: Sequence[str] | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.folders = folders(data_dir)
        self._env, self._today, self._say, self._tell = env, today, say, tell
        self._services = tuple(only) if only is not None else services()
        self._open = False

    def __enter__(self) -> "Stack":
        self.hold()
        self.start()
        return self

    def hold(self) -> None:
        """Take the data folder: from here to `stop` no other run may write into it.

        The fork server begins with its imports, beside whatever the caller does before `start`.

        Raises:
            MachineError: another run holds it, or nobody may write there.
        """
        try:
            self.folders.make()
        except FileExistsError as failed:
            raise MachineError(f"the data folder {failed.filename} is a file") from failed
        except OSError as failed:
            raise MachineError(f"the data folder {self.folders.root} cannot be made: {failed.strerror}") from failed
        self._lock = FolderLock(self.folders.run)
        self._open = True
        self._supervisor = Supervisor(self._lock.children, self._tell_of_end)
        forking.begin()

    def start(self) -> None:
        """Start everything and wait until it is ready; what was started is stopped where that fails."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def urls(self) -> dict[str, str]:
        """The web addresses by service, and the issuer's."""
        return {**self.office.urls, "issuer": self.office.issuer_url}

    @property
    def admin_url(self) -> str:
        """The superuser's address of the cluster, for tests and campaigns."""
        return self._postgres.admin_url

    @property
    def broker_url(self) -> str:
        """The broker's address, for tests and campaigns."""
        return self._broker.url

    def names(self) -> list[str]:
        """Return the names of all processes: `postgres`, `broker`, `issuer`, `<service>.web`, `.worker`, `witness`."""
        return self._supervisor.names()

    def pid(self, name: str) -> int:
        """Return the id of a process as it runs now."""
        return self._supervisor.pid(name)

    def child(self, name: str) -> Child:
        """Return what a process runs, for campaigns that run it a second time."""
        return self._supervisor.child(name)

    def kill(self, name: str) -> None:
        """Kill a process (SIGKILL); it is started again."""
        self._supervisor.kill(name)

    def problem(self) -> str | None:
        """Say which process died too often to be started again, if one did."""
        return self._supervisor.problem()

    def wait_ready(self) -> None:
        """Wait until every process answers its ready probe."""
        addresses = self._environment
        probes = {"issuer": addresses.issuer_url}
        probes |= {f"{service}.web": url for service, url in addresses.urls.items()}
        probes |= {f"{service}.worker": url for service, url in addresses.worker_urls.items()}
        with direct_session() as session:
            self._supervisor.wait_ready(partial(_not_ready, session, probes), READY_SECONDS)

    def stop(self) -> None:
        """Stop everything, within ten seconds; Ctrl-C meanwhile changes nothing."""
        if not self._open:
            return
        self._open = False
        with _undisturbed():
            (self.folders.run / NOTE).unlink(missing_ok=True)
            names = self._supervisor.names()
            self._supervisor.stop([name for name in names if name not in SERVERS], SERVICES_STOP_SECONDS)
            self._supervisor.stop([name for name in SERVERS if name in names], SERVERS_STOP_SECONDS)
            self._supervisor.close()
            self._lock.release()
            if ports := getattr(self, "_ports", None):
                ports.release()

    def _tell_of_end(self, words: str) -> None:
        full = full_disk(self.folders.root)
        self._tell(f"{words} ({full})" if full else words)

    def _start(self) -> None:
        uses = ["postgres", "broker", "issuer", *self._services, *(f"{service}.worker" for service in self._services)]
        self._ports = Ports(self.folders.run / "ports.json", uses)
        self._postgres = Postgres(self.folders, self._ports["postgres"])
        self._broker = Broker(self.folders, self._ports["broker"], os.environ)
        self._environment = Environment(self.folders, self._ports, self._services, self._env, self._today, self._broker)
        self._ports.hand_over()
        self._start_servers()
        self._provision()
        for child in self._without_database():
            self._supervisor.start(child)
        self._migrate()
        self._say("starting the services")
        for child in self._of_services():
            self._supervisor.start(child)
        addresses = self._environment
        self.office = Office(self.folders, addresses.urls, addresses.worker_urls, addresses.issuer_url)
        self.wait_ready()
        self.office.note()

    def _start_servers(self) -> None:
        self._say("starting PostgreSQL and the broker")
        if broker := self._broker.child():
            self._supervisor.start(broker)
        self._postgres.prepare(self._lock.children)
        self._supervisor.start(self._postgres.child())
        self._supervisor.wait_ready(lambda: self._postgres.ready() + self._broker.ready(), READY_SECONDS)

    def _provision(self) -> None:
        self._say("making databases and keys")
        provision(self.admin_url, self.folders.secrets, self._services, "127.0.0.1", self._ports["postgres"])

    def _migrate(self) -> None:
        self._say("migrating the databases")
        run_side_by_side([self._migrations(service) for service in self._services], self._lock.children)

    def _migrations(self, service: str) -> Child:
        command = ["infra.one_machine.processes.migrations", str(self.folders.secrets), service]
        log = self.folders.log / f"{service}.migrations.log"
        return Child(f"{service}.migrations", command, self._environment.of_migrations(), log, forked=True)

    def _without_database(self) -> Iterator[Child]:
        log = self.folders.log
        yield Child("issuer", ["infra.issuer"], self._environment.of_issuer(), log / "issuer.log", forked=True)
        if LOG in self._services:
            # Not forked: what proves the log shares nothing with it, in memory neither.
            folders, every = self.folders, str(WITNESS_SECONDS)
            command = python("infra.verifier", "witness", str(folders.audit), str(folders.witness), "--every", every)
            yield Child("witness", command, self._environment.of_witness(), log / "witness.log")

    def _of_services(self) -> Iterator[Child]:
        for service in self._services:
            environment = self._environment.of_service(service)
            for role in ("web", "worker"):
                name = f"{service}.{role}"
                command = [f"services.{service}.app", role]
                yield Child(name, command, environment, self.folders.log / f"{name}.log", forked=True)


@contextmanager
def open_office(data_dir: Path | str, say: Callable[[str], None] = lambda _: None) -> Iterator[Office]:
    """Give the stack that runs on a data folder, or start one for as long as it is needed.

    Raises:
        MachineError: no office was ever started there; an empty one, in which everything holds, is not made.
    """
    running = running_office(folders(data_dir))
    if running is not None:
        yield running
        return
    if not folders(data_dir).postgres.is_dir():
        raise MachineError(f"no office was ever started on the data folder {data_dir}; see --data-dir")
    with Stack(data_dir, say=say) as stack:
        yield stack.office


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore Ctrl-C and SIGTERM for a moment (signals can be set by the main thread alone)."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    former = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, former, strict=True):
            signal.signal(number, handler)


def _not_ready(session: requests.Session, probes: dict[str, str]) -> list[str]:
    """Name who does not answer yet; who answered is taken out of `probes` and not disturbed again."""
    for name, url in list(probes.items()):
        if _is_ready(session, url):
            del probes[name]
    return list(probes)


def _is_ready(session: requests.Session, url: str) -> bool:
    try:
        return session.get(f"{url}/health/ready", timeout=2).status_code == 200
    except requests.RequestException:
        return False
