"""The containers of one running office as the engine on this machine tells them."""

import json
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.one_machine.folders import folders
from infra.one_machine.problems import MachineError
from infra.one_machine.processes.office import CLIENT, Office
from infra.one_machine.processes.postgres import write_secret

Container = dict[str, Any]
LABEL: Final = "com.docker.compose"
SECRET: Final = f"/secrets/{CLIENT}/kurashi_client_secret"
PAUSE_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Containers:
    """The containers of a compose project, by the names of `docker-compose.yml`."""

    project: str

    def all(self) -> dict[str, Container]:
        """What `docker inspect` tells of each, also of those that have ended."""
        ids = docker("ps", "--all", "--quiet", "--filter", f"label={LABEL}.project={self.project}").split()
        containers: list[Container] = json.loads(docker("inspect", *ids)) if ids else []
        return {container["Config"]["Labels"][f"{LABEL}.service"]: container for container in containers}

    def wait_healthy(self, seconds: float) -> None:
        """Wait until every server and process is healthy.

        Raises:
            MachineError: a preparation failed, or some are not healthy in time; names them.
        """
        deadline = time.monotonic() + seconds
        while waiting := {name: state for name, container in self.all().items() if (state := _not_healthy(container))}:
            if time.monotonic() > deadline or "failed" in waiting.values():
                raise MachineError(f"containers are not healthy: {waiting}")
            time.sleep(PAUSE_SECONDS)

    def office(self, data_dir: Path, ports: Mapping[str, int], issuer_port: int) -> Office:
        """The office that runs in them; what is not published is asked inside the engine's network.

        Args:
            data_dir: where the command line keeps what it notes, and the secret it is known by.
            ports: the port of each service's web process.

        Raises:
            MachineError: a container of the office is missing.
        """
        containers = self.all()
        try:
            urls = {
                service: _address(containers[f"{container_of(service)}-web"], port) for service, port in ports.items()
            }
            issuer, provision = _address(containers["issuer"], issuer_port), containers["provision"]["Id"]
        except KeyError as missing:
            raise MachineError(f"the office {self.project} has no container {missing.args[0]}") from missing
        where = folders(data_dir)
        where.make()
        copied = where.run / "secret"
        docker("cp", f"{provision}:{SECRET}", str(copied))
        (where.secrets / CLIENT).mkdir(mode=0o700, exist_ok=True)
        write_secret(where.secrets / CLIENT / "kurashi_client_secret", copied.read_text(encoding="utf-8"))
        copied.unlink()
        return Office(where, urls, {}, issuer)


def container_of(service: str) -> str:
    """The name of a service as host names may be: hyphens for underscores."""
    return service.replace("_", "-")


def docker(*words: str) -> str:
    """What a docker command prints.

    Raises:
        MachineError: it failed, or there is no docker.
    """
    try:
        return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout
    except FileNotFoundError:
        raise MachineError("there is no docker on this machine") from None
    except subprocess.CalledProcessError as failed:
        raise MachineError(f"docker {words[0]}: {failed.stderr.strip()}") from None


def _not_healthy(container: Container) -> str:
    state = container["State"]
    if state["Status"] == "exited" and "Health" not in state:
        return "" if state["ExitCode"] == 0 else "failed"
    health = state.get("Health", {}).get("Status", state["Status"])
    return "" if health == "healthy" else str(health)


def _address(container: Container, port: int) -> str:
    """Where this machine reaches a container: the published port, or the engine's own network."""
    known = container["NetworkSettings"]
    if doors := known["Ports"].get(f"{port}/tcp"):
        return f"http://{doors[0]['HostIp']}:{doors[0]['HostPort']}"
    address = next(at["IPAddress"] for name, at in known["Networks"].items() if name.endswith("_office"))
    return f"http://{address}:{port}"
