"""What the provision container writes before the servers start."""

import stat
from pathlib import Path

from infra.docker.prepare import folders, passwords, services


def test_a_second_start_finds_the_same_passwords(tmp_path: Path) -> None:
    folders(tmp_path)
    passwords(tmp_path)
    first = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    passwords(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == first
    assert len(first) == 4


def test_each_room_has_a_folder_that_nobody_else_may_enter(tmp_path: Path) -> None:
    folders(tmp_path)
    for name in (*services(), *(f"{service}_owner" for service in services()), "issuer", "one_machine"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700


def test_the_superuser_and_the_broker_do_not_share_a_password(tmp_path: Path) -> None:
    folders(tmp_path)
    passwords(tmp_path)
    assert (tmp_path / "postgres" / "password").read_text() != (tmp_path / "broker_password").read_text()
    assert (tmp_path / "broker_password").read_text() in (tmp_path / "redis" / "redis.conf").read_text()
