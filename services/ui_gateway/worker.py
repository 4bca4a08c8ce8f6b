"""Tasks of the gateway."""

from services.ui_gateway.sessions import goodbyes, keeping, logins
from services.ui_gateway.settings import GatewaySettings
from shared.service_kit.service import Service
from shared.service_kit.tasks import task


@task("ui_gateway.sweep")
def sweep(service: Service) -> None:
    """End sessions beyond their limits, as if somebody had come back; forget logins that nobody finished."""
    with service.work(actor="service:ui_gateway", correlation="") as work:
        keeping.end_outlived(work, GatewaySettings())
        logins.forget_old_logins(work)
        goodbyes.forget_old(work)
