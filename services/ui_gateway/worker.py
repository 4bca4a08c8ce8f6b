"""Tasks of the gateway."""

from services.ui_gateway.sessions import back_channel_logouts, logins, session_store
from services.ui_gateway.settings import GatewaySettings
from shared.service_kit.service import Service
from shared.service_kit.tasks import task


@task("ui_gateway.sweep")
def sweep(service: Service) -> None:
    """End sessions beyond their limits, as if somebody had come back; forget logins that nobody finished."""
    with service.work(actor="service:ui_gateway", correlation="") as work:
        session_store.end_outlived(work, GatewaySettings())
        logins.forget_old_logins(work)
        back_channel_logouts.forget_old(work)
