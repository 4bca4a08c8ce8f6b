"""What the provision container writes before the servers start."""

import shutil
import socket
import stat
import subprocess
from pathlib import Path

import pytest
import redis

from infra.docker.prepare import folders, passwords, services, users


def test_a_second_start_finds_the_same_passwords(tmp_path: Path) -> None:
    folders(tmp_path)
    passwords(tmp_path)
    first = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    passwords(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == first
    assert len(first) == 3 + len(users())


def test_each_service_has_a_folder_that_nobody_else_may_enter(tmp_path: Path) -> None:
    folders(tmp_path)
    for name in (*services(), *(f"{service}_owner" for service in services()), "issuer", "one_machine"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o700


def test_every_service_has_a_password_of_its_own_at_the_broker_whose_settings_hold_none(tmp_path: Path) -> None:
    folders(tmp_path)
    passwords(tmp_path)
    known = [(tmp_path / f"broker_{user}_password").read_text() for user in users()]
    assert len({*known, (tmp_path / "postgres" / "password").read_text()}) == len(users()) + 1
    settings = (tmp_path / "redis" / "redis.conf").read_text()
    assert settings.count("\nuser ") == len(users())
    assert settings.startswith("user default off\n")
    assert not any(password in settings for password in known)


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server on this machine")
def test_a_redis_of_this_machine_takes_the_settings_and_lets_each_service_at_its_own_queues(tmp_path: Path) -> None:
    """The commands of a newer Redis are unknown to an older one, which would not start."""
    folders(tmp_path)
    passwords(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["redis-server", str(tmp_path / "redis" / "redis.conf"), "--port", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen([*words, "--save", ""], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert any("Ready to accept connections" in line for line in server.stdout)
            password = (tmp_path / "broker_payments_password").read_text()
            with redis.Redis(port=port, username="payments", password=password) as client:
                assert client.lpush("payments.tasks", "task") == 1
                with pytest.raises(redis.exceptions.NoPermissionError):
                    client.lpush("case_management.tasks", "task")
        finally:
            server.kill()
