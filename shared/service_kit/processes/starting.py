"""What a process of a service does first, when all is loaded."""

import gc

from shared.service_kit.observability import logs, telemetry
from shared.service_kit.runtime import Runtime
from shared.service_kit.service import Service


def start_process(service: Service, runtime: Runtime, role: str) -> None:
    """Begin logs and spans in a process that serves, when all is loaded."""
    logs.start_logs(f"{service.name}.{role}")
    prepare_sealing(service, runtime)
    telemetry.start_telemetry(service.name, runtime.settings.traces_dir)
    tune_gc()
    _ = runtime.started_at


def prepare_sealing(service: Service, runtime: Runtime) -> None:
    """Make sure, in a transaction of its own, that this process can open what the service has sealed.

    Raises:
        KeyMissing: the key is lost or another's; says where it belongs.
    """
    if service.sealed:
        with runtime.engine.begin() as connection:
            runtime.sealer.prepare(connection)


def tune_gc() -> None:
    """Spare the garbage collector what is loaded for good, and let it run every 200,000 objects, not every 700.

    A page of 2,000 facts is 30,000 objects: looked through every 700, with the libraries behind them, they cost half of
    a worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000)
