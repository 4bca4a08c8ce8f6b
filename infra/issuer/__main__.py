"""Run the development issuer: `python -m infra.issuer`. One process, since its codes live in memory."""

import sys

from gunicorn.app.base import BaseApplication

from infra.issuer.app import create_app
from infra.issuer.settings import RefusedToStart, Settings, load
from shared.service_kit.processes.intake import Intake


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with our settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn where to listen."""
        for name, value in {
            "bind": f"{self._settings.bind}:{self._settings.port}",
            "worker_class": Intake,
            "workers": 1,
            "threads": 8,
            "graceful_timeout": 3,
            "control_socket_disable": True,
            "proc_name": "issuer",
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> object:
        """Make the application in the worker."""
        return create_app(self._settings)


def main() -> int:
    """Run until stopped; 2 where it may not run."""
    try:
        settings = load()
    except RefusedToStart as refusal:
        sys.stderr.write(f"issuer: {refusal}\n")
        return 2
    Server(settings).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
