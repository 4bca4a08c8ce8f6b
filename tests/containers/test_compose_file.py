"""The compose file against the register of services; needs no engine."""

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.docker.containers import container_of

ROOT = Path(__file__).resolve().parents[2]
CATALOG = tomllib.loads((ROOT / "catalog.toml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = CATALOG["services"]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVERS = {"postgres", "redis"}
PREPARATIONS = {"passwords", "provision"}
PUBLISHER = "audit-logging-worker"
PER_SERVICE = ("migrate-{}", "{}-web", "{}-worker")
PROCESSES = {pattern.format(container_of(service)) for service in SERVICES for pattern in PER_SERVICE[1:]}


def test_every_service_is_migrated_and_has_its_web_and_its_worker_and_nothing_else_runs() -> None:
    of_services = {pattern.format(container_of(service)) for service in SERVICES for pattern in PER_SERVICE}
    assert set(CONTAINERS) == of_services | SERVERS | PREPARATIONS | {"issuer", "witness"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_listens_where_the_catalog_says(service: str) -> None:
    web, worker = (CONTAINERS[f"{container_of(service)}-{part}"] for part in ("web", "worker"))
    assert web["environment"]["KURASHI_PORT"] == str(SERVICES[service]["port"])
    assert worker["environment"]["KURASHI_WORKER_PORT"] == str(SERVICES[service]["worker_port"])
    assert web["command"] == ["web"]
    assert worker["command"] == ["worker"]


@pytest.mark.parametrize("name", sorted(PROCESSES))
def test_every_process_finds_every_service(name: str) -> None:
    peers = json.loads(CONTAINERS[name]["environment"]["KURASHI_PEERS"])
    assert peers == {service: f"http://{container_of(service)}-web:{SERVICES[service]['port']}" for service in SERVICES}


@pytest.mark.parametrize("service", SERVICES)
def test_the_image_of_a_service_is_built_once_by_the_container_that_comes_first(service: str) -> None:
    containers = [CONTAINERS[pattern.format(container_of(service))] for pattern in PER_SERVICE]
    assert {one["image"].split(":")[0] for one in containers} == {f"kurashi/{container_of(service)}"}
    assert [one.get("build", {}).get("args") for one in containers] == [{"SERVICE": service}, None, None]


@pytest.mark.parametrize("service", SERVICES)
def test_a_process_begins_after_its_own_migration(service: str) -> None:
    migration = f"migrate-{container_of(service)}"
    for part in ("web", "worker"):
        after = CONTAINERS[f"{container_of(service)}-{part}"]["depends_on"]
        assert after[migration] == {"condition": "service_completed_successfully"}
    assert CONTAINERS[migration]["depends_on"] == {"provision": {"condition": "service_completed_successfully"}}


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_every_container_is_hardened(name: str) -> None:
    one = CONTAINERS[name]
    assert one["init"] is True
    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["mem_limit"]
    assert 0 < one["pids_limit"] <= 512
    assert one["cpus"]
    assert name in SERVERS or "cap_add" not in one


def test_what_serves_is_started_again_and_a_failed_preparation_is_seen() -> None:
    assert {CONTAINERS[name]["restart"] for name in PROCESSES | SERVERS} == {"unless-stopped"}
    once = PREPARATIONS | {f"migrate-{container_of(service)}" for service in SERVICES}
    assert {CONTAINERS[name]["restart"] for name in once} == {"no"}


def test_only_the_gateway_and_the_development_issuer_are_reached_from_this_machine_and_from_nowhere_else() -> None:
    published = {name: one["ports"] for name, one in CONTAINERS.items() if "ports" in one}
    assert set(published) == {"ui-gateway-web", "issuer"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_the_database_and_the_broker_are_in_a_network_without_a_way_out() -> None:
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert {tuple(CONTAINERS[name]["networks"]) for name in SERVERS} == {("data",)}


def test_the_servers_can_be_named_by_digest() -> None:
    assert {CONTAINERS[name]["image"] for name in SERVERS} == {
        "${KURASHI_POSTGRES_IMAGE:-postgres:15}",
        "${KURASHI_REDIS_IMAGE:-redis:7}",
    }


def test_the_broker_keeps_what_it_accepted_and_drops_nothing_to_make_service() -> None:
    words = " ".join(CONTAINERS["redis"]["command"])
    assert "--appendonly yes" in words
    assert "--maxmemory-policy noeviction" in words


def test_an_office_is_in_production_unless_it_is_told_otherwise() -> None:
    environments = [one.get("environment", {}) for one in CONTAINERS.values()]
    told = {one["KURASHI_ENV"] for one in environments if "KURASHI_ENV" in one}
    assert told == {"${KURASHI_ENV:-production}"}


def test_a_service_sees_its_own_secrets_alone() -> None:
    for name in PROCESSES:
        service = name.rsplit("-", 1)[0]
        mounts = dict(volume.split(":", 1) for volume in CONTAINERS[name]["volumes"])
        shared = {"public-keys": "/public:ro", "traces": "/traces"}
        bank_files = {"bank-files": "/files"} if service == "payments" else {}
        publisher = {"published-log": "/published", "publisher-secrets": "/publisher:ro"} if name == PUBLISHER else {}
        assert mounts == {f"{service}-secrets": "/secrets:ro", **shared, **bank_files, **publisher}


def test_who_publishes_the_log_is_one_process_and_no_other_can_write_what_is_published() -> None:
    told = [name for name, one in CONTAINERS.items() if "KURASHI_PUBLISH_BUCKET" in one.get("environment", {})]
    logins = [name for name, one in CONTAINERS.items() if "AWS_SHARED_CREDENTIALS_FILE" in one.get("environment", {})]
    mounts = {(name, volume) for name, one in CONTAINERS.items() for volume in one.get("volumes", [])}
    assert told == logins == [PUBLISHER]
    assert {(name, one) for name, one in mounts if one.startswith(("published-log", "publisher"))} == {
        (PUBLISHER, "published-log:/published"),
        (PUBLISHER, "publisher-secrets:/publisher:ro"),
        ("witness", "published-log:/published:ro"),
    }


def test_the_witness_has_a_volume_of_its_own_and_nobody_to_talk_to() -> None:
    witness = CONTAINERS["witness"]
    assert witness["volumes"] == ["published-log:/published:ro", "witness:/witness"]
    assert witness["network_mode"] == "none"
    assert "environment" not in witness
    assert [name for name, one in CONTAINERS.items() if "witness:/witness" in one.get("volumes", [])] == ["witness"]


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_migration_is_told_the_owner_of_the_database(service: str) -> None:
    volume = f"{container_of(service)}-owner"
    holders = {name for name, one in CONTAINERS.items() if any(v.startswith(volume) for v in one.get("volumes", []))}
    assert holders == {"provision", f"migrate-{container_of(service)}"}
    assert CONTAINERS[f"migrate-{container_of(service)}"]["volumes"] == [f"{volume}:/secrets:ro"]


def test_the_database_writes_no_row_of_anybody_into_its_log() -> None:
    command = CONTAINERS["postgres"]["command"]
    settings = {word for flag, word in pairwise(command) if flag == "-c"}
    assert settings >= {
        "log_error_verbosity=terse",
        "log_min_error_statement=panic",
        "log_parameter_max_length=0",
        "log_parameter_max_length_on_error=0",
    }
