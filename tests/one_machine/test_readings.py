"""`./kurashi check` compares what readers have taken with what was told, fact by fact: a restored service is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest

from infra.one_machine.processes.office import Office
from infra.one_machine.staff.invariants import Invariant
from infra.one_machine.staff.readings import Reading, lost_to, readers_have_what_was_published, readings_now
from shared.service_kit.processes import commands
from shared.service_kit.testing import Client, Reply, RunningService
from tests.service_kit.subscriptions.test_kit_restored import NAME, office, restored_after_november
from tests.service_kit.subscriptions.test_kit_restored import Office as Services

__all__ = ["office"]
pytestmark = pytest.mark.database


class _Answer:
    def __init__(self, reply: Reply) -> None:
        self.status_code, self.ok, self.json = reply.status_code, reply.status_code < 400, lambda: reply.json


@dataclass
class _Door:
    client: Client

    def get(self, path: str, **query: str) -> _Answer:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return _Answer(self.client.get(f"{path}?{asked}"))


@dataclass
class _Doors:
    """The two services as the command line reaches them."""

    services: dict[str, RunningService]

    @property
    def urls(self) -> dict[str, str]:
        return dict.fromkeys(self.services, "")

    @contextmanager
    def client(self, service: str) -> Iterator[_Door]:
        yield _Door(self.services[service].client(machine="one_machine"))


def read(office: Services) -> list[Reading]:
    services: Any = _Doors({NAME: office.producer, "reader": office.reader})
    return readings_now(cast("Office", services))


def checked(office: Services, told: int = 0) -> Invariant:
    return readers_have_what_was_published(read(office), {f"{NAME}.facts": told})


def test_a_reader_that_lags_has_another_than_what_was_told(office: Services) -> None:
    office.tell(11)
    office.read()
    office.tell(12)
    assert checked(office, 1)["ok"]
    lagging = checked(office, 2)
    assert (lagging["ok"], list(lagging["figures"].values())) == (False, ["1 of 2"])
    office.read()
    assert checked(office, 2)["ok"]


def test_check_is_broken_by_a_restored_producer_however_far_its_numbers_come(office: Services) -> None:
    restored_after_november(office)
    office.read()
    assert not checked(office)["ok"]
    for value in (31, 32, 33, 34):
        office.tell(value)
        office.read()
        assert not checked(office)["ok"]


def test_check_holds_again_once_the_new_epoch_is_adopted_and_says_what_was_lost(office: Services) -> None:
    restored_after_november(office)
    commands.run_process(office.producer.service, office.producer.runtime, ["new-epoch"])
    office.adopt()
    office.read()
    assert checked(office)["ok"]
    assert lost_to(read(office), "reader") == 3
