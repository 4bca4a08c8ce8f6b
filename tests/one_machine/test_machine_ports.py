"""Ports are free, stay promised to one run, and are the same in the next."""

import json
import socket
from pathlib import Path

from infra.one_machine.processes.ports import Ports


def test_two_runs_at_once_get_different_ports(tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    one, other = Ports(tmp_path / "one.json", names), Ports(tmp_path / "other.json", names)
    assert len({*one.by_name.values(), *other.by_name.values()}) == 6
    one.release()
    other.release()


def test_the_next_run_takes_the_same_ports_but_not_one_that_is_taken(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    first = Ports(memory, ["a", "b"])
    first.release()
    with socket.create_server(("127.0.0.1", first["a"])):
        second = Ports(memory, ["a", "b"])
        second.release()
    assert second["a"] != first["a"]
    assert second["b"] == first["b"]


def test_a_spoilt_memory_is_forgotten(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    for spoilt in ("{", "[1]", json.dumps({"a": "x"})):
        memory.write_text(spoilt)
        ports = Ports(memory, ["a"])
        assert 0 < ports["a"] < 65536
        ports.release()


def test_a_child_may_listen_on_a_port_that_is_kept_for_it(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json", ["a"])
    ports.hand_over()
    with socket.create_server(("127.0.0.1", ports["a"])), socket.create_connection(("127.0.0.1", ports["a"])):
        pass
    ports.release()
