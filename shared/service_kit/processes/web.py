"""The web process: gunicorn with threads; everything that holds a connection begins after the fork."""

import json
import threading
import time
from functools import partial
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi

from shared.service_kit.http.platform_routes import metrics
from shared.service_kit.observability import telemetry
from shared.service_kit.observability.logs import log
from shared.service_kit.problems import error_location
from shared.service_kit.processes.application import make_app
from shared.service_kit.processes.intake import Intake
from shared.service_kit.processes.probes import serve_probes
from shared.service_kit.processes.starting import start_process
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service

KEPT_SECONDS: Final = 10.0
"""How often a web process reads again what it keeps in memory."""


class Web(BaseApplication):  # type: ignore[misc]
    """A service's web process as gunicorn runs it."""

    def __init__(self, service: Service, runtime: Runtime) -> None:
        self._service, self._runtime = service, runtime
        self.live = json.dumps({"status": "live", "service": service.name}).encode()
        super().__init__()

    def load_config(self) -> None:
        settings = self._runtime.settings
        options: dict[str, Any] = {
            "bind": f"{settings.bind}:{settings.port}",
            "workers": 1,
            "worker_class": Intake,
            "worker_connections": 1_000,
            "threads": 8,
            "timeout": 120,
            "graceful_timeout": 5,
            "keepalive": 30,
            "worker_tmp_dir": "/dev/shm",  # noqa: S108
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # no header names the scheme or a part of the address, whoever connects
            "loglevel": "warning",
            "proc_name": f"kurashi-{self._service.name}-web",
            "worker_exit": _ended,
        }
        for key, value in options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        settings = self._runtime.settings
        start_process(self._service, self._runtime, "web")
        if settings.metrics_port:  # a port of its own: browsers reach the other one
            probes = Flask("kurashi.metrics")
            probes.register_blueprint(metrics())
            serve = partial(serve_probes, settings.bind, settings.metrics_port, probes)
            threading.Thread(target=serve, name="metrics", daemon=True).start()
        app = make_app(self._service, self._runtime)
        if self._service.kept:
            threading.Thread(target=_keep, args=(self._service, self._runtime), name="kept", daemon=True).start()
        return app


def _keep(service: Service, runtime: Runtime) -> None:
    while True:
        read_kept(service, runtime)
        time.sleep(KEPT_SECONDS)


def read_kept(service: Service, runtime: Runtime) -> None:
    """Read what the service keeps in memory, so that the first who asks for it need not wait, nor after an import."""
    for read in service.kept:
        try:
            with telemetry.quiet():
                read(runtime)
        except Exception as error:  # who asks reads it then, and is told of the fault
            log().warning("kept.unread", why=error_location(error))


def _ended(_server: object, _worker: object) -> None:
    telemetry.flush_telemetry()


def serve(service: Service, runtime: Runtime) -> None:
    """Serve the service's HTTP until told to stop."""
    wsgi.SERVER = "kurashi"  # nobody need know what serves, and in which version
    Web(service, runtime).run()
