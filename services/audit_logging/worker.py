"""Tasks of the log."""

from __future__ import annotations

from services.audit_logging.adapters.log_key import load_log_key
from services.audit_logging.use_cases.sign_checkpoint import sign_tree_head
from shared.service_kit.service import Service
from shared.service_kit.tasks import task


@task("audit_logging.sign")
def sign(service: Service) -> None:
    """Sign the tree head when the log has grown."""
    with service.work(actor="service:audit_logging", correlation="") as work:
        sign_tree_head(work, load_log_key(service.settings))
