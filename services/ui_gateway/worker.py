"""Tasks of the gateway."""

from services.ui_gateway.sessions import back_channel_logouts, logins, session_store
from services.ui_gateway.settings import GatewaySettings
from shared.service_kit.runtime import Runtime
from shared.service_kit.tasks import task
from shared.service_kit.unit_of_work import unit_of_work


@task("ui_gateway.sweep")
def sweep(runtime: Runtime) -> None:
    """End sessions beyond their limits, as if somebody had come back; forget logins that nobody finished."""
    with unit_of_work(runtime, actor="service:ui_gateway", correlation="") as work:
        session_store.end_outlived(work, GatewaySettings())
        logins.forget_old_logins(work)
        back_channel_logouts.forget_old(work)
