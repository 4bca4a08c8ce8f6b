"""The office in containers: built, brought up, a ward's month paid through it, and taken down with its volumes.

`KURASHI_CONTAINERS_HOUSEHOLDS` names another size than the small ward (8676 is the whole one).
"""

import os
import secrets
import socket
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infra.docker.containers import Container, Containers, container_of, docker
from infra.docker.month import find_office, pay
from infra.one_machine.processes.office import Office
from tests.containers.compose import ROOT, Compose, left_out

MONTH, BUSINESS_DATE, SEED = "2026-12", "2026-11-24", 20261201
HOUSEHOLDS = int(os.environ.get("KURASHI_CONTAINERS_HOUSEHOLDS", "300"))
SUPPORT_HOUSEHOLDS = 21
SERVICES = list(tomllib.loads((ROOT / "catalog.toml").read_text(encoding="utf-8"))["services"])
OUR_USER = "10001"
NOT_AT_WORK = ("docker-init", "pg_isready", "redis-cli")
"""The engine's own, in whatever user an image begins with."""
VERSION = f"test-{os.getpid()}"
"""Runs at the same time do not take each other's images."""

pytestmark = [
    pytest.mark.containers,
    pytest.mark.timeout(2400),
    pytest.mark.skipif((why := left_out()) is not None, reason=str(why)),
]


@dataclass(frozen=True)
class Running:
    """The office that was brought up."""

    containers: Containers
    office: Office

    def all(self) -> dict[str, Container]:
        return self.containers.all()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    project = f"kurashi-test-{os.getpid()}"
    gateway, issuer = free_ports(2)
    compose = Compose(
        project,
        KURASHI_ENV="demo",
        KURASHI_TODAY=BUSINESS_DATE,
        KURASHI_VERSION=VERSION,
        KURASHI_GATEWAY_PORT=str(gateway),
        KURASHI_ISSUER_PORT=str(issuer),
        KURASHI_PUBLIC_URL=f"http://127.0.0.1:{gateway}",
    )
    try:
        timed("build", lambda: compose("build"))
        timed("up", lambda: compose("up", "--detach"))
        office = find_office(project, tmp_path_factory.mktemp("office"))
        yield Running(Containers(project), office)
    except Exception:
        print(compose.tails())
        raise
    finally:
        compose("down", "--volumes", "--timeout", "10")
        remove_images()


@pytest.fixture(scope="module")
def paid(running: Running) -> dict[str, Any]:
    return pay(running.office, MONTH, HOUSEHOLDS, SEED)


def timed(what: str, do: Any) -> None:
    began = time.monotonic()
    do()
    print(f"{what}: {time.monotonic() - began:.0f} s")


def free_ports(count: int) -> list[int]:
    """Below those that a system gives to connections: minutes pass until the engine listens on them."""
    ports: list[int] = []
    while len(ports) < count:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe:
            if port not in ports and probe.connect_ex(("127.0.0.1", port)) != 0:
                ports.append(port)
    return ports


def remove_images() -> None:
    """Take the names away; the layers stay for the next build."""
    named = docker("images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", f"reference=kurashi/*:{VERSION}")
    if named:
        docker("rmi", "--no-prune", *named.split())


def inside(one: Container, *words: str) -> str:
    return docker("exec", one["Id"], *words)


def test_the_month_is_paid_and_every_total_agrees(paid: dict[str, Any]) -> None:
    print(paid["seconds"])
    assert paid["households"] == HOUSEHOLDS + SUPPORT_HOUSEHOLDS
    assert paid["entitled_yen"] == paid["ordered_yen"] + paid["held_yen"] > 0
    sent = sum(one["yen"] for one in paid["files"])
    assert paid["ordered_yen"] == sent + paid["cash_desk_yen"] + paid["set_off_yen"] + paid["internal_yen"]
    assert paid["ledger_yen"] == paid["ordered_yen"]
    assert paid["audit"]["verified"] is True
    assert [one["name"] for one in paid["invariants"] if not one["ok"]] == []


def test_the_bank_files_lie_where_the_treasurer_takes_them(running: Running, paid: dict[str, Any]) -> None:
    payments = running.all()["payments-web"]
    assert paid["files"]
    for told in paid["files"]:
        assert inside(payments, "sha256sum", told["path"]).split()[0] == told["sha256"]


def test_the_gateway_shows_the_journey_of_the_run(running: Running, paid: dict[str, Any]) -> None:
    with running.office.browser("demo-auditor") as browser:
        page = browser.get(f"{running.office.urls['ui_gateway']}/runs/{paid['run_id']}/journey", timeout=60)
    assert page.status_code == 200
    assert all(service in page.text for service in ("case_management", "payments"))


def test_a_second_payment_of_the_month_makes_the_same_files(running: Running, paid: dict[str, Any]) -> None:
    again = pay(running.office, MONTH, HOUSEHOLDS, SEED)
    assert again["files"] == paid["files"]
    assert again["ledger_yen"] == paid["ledger_yen"]


def users_at_work(one: Container) -> set[str]:
    """Whose processes stay: a health check passes through the engine's own start, as the image's first user."""
    looks = []
    for pause in (0.0, 1.0):
        time.sleep(pause)
        lines = docker("top", one["Id"], "-eo", "uid,pid,args").splitlines()[1:]
        processes = [line.split(maxsplit=2) for line in lines]
        looks.append({(user, pid) for user, pid, args in processes if not any(word in args for word in NOT_AT_WORK)})
    return {user for user, _ in set.intersection(*looks)}


def test_no_process_runs_as_root(running: Running) -> None:
    found = running.all()
    for name, one in found.items():
        if one["State"]["Running"]:
            at_work = users_at_work(one)
            assert at_work, name
            assert "0" not in at_work, name
    ours = {one["Config"]["User"] for name, one in found.items() if name not in ("postgres", "redis")}
    assert ours == {f"{OUR_USER}:{OUR_USER}"}


def test_neither_the_database_nor_the_broker_listens_outside(running: Running) -> None:
    published = {
        name: [door["HostIp"] for doors in one["NetworkSettings"]["Ports"].values() for door in doors or []]
        for name, one in running.all().items()
    }
    assert {name: at for name, at in published.items() if at} == {
        "ui-gateway-web": ["127.0.0.1"],
        "issuer": ["127.0.0.1"],
    }


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_one_service_and_nothing_to_install_with(running: Running, service: str) -> None:
    web = running.all()[f"{container_of(service)}-web"]
    assert set(inside(web, "ls", "services").split()) - {"__pycache__"} == {"__init__.py", service}
    assert "pip" not in inside(web, "sh", "-c", "ls /venv/bin /venv/lib/python*/site-packages").split()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_can_write_neither_its_code_nor_its_secrets(running: Running, service: str) -> None:
    web = running.all()[f"{container_of(service)}-web"]
    assert web["HostConfig"]["ReadonlyRootfs"] is True
    writable = {one["Name"].split("_", 1)[1] for one in web["Mounts"] if one["RW"]}
    assert writable == {"traces"} | ({"bank-files"} if service == "payments" else set())
    assert not {name for name in inside(web, "ls", "/secrets").split() if "owner" in name}


def test_the_development_issuer_refuses_production(running: Running) -> None:
    del running
    told = "python -m infra.issuer 2>&1; echo status $?"
    ended = docker("run", "--rm", "--entrypoint", "sh", f"kurashi/issuer:{VERSION}", "-c", told)
    assert "KURASHI_ENV is demo or test" in ended
    assert ended.endswith("status 2\n")
