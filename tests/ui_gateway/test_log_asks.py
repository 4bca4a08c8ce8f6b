"""The log's daily self-check among the services that it asks how far they have told."""

from datetime import timedelta

import pytest

from services.audit_logging.worker import self_check
from tests.audit_logging.self_check.checked_office import MORNING, results, settle
from tests.ui_gateway.staff import Office

pytestmark = pytest.mark.database


def test_every_service_is_asked_and_one_that_starts_late_is_no_fault(audited_office: Office) -> None:
    log = audited_office.services["audit_logging"]
    log.clock.set(now=MORNING)
    with audited_office.down("payments"):
        self_check(log.runtime)
    ((promised,),) = log.execute("SELECT positions FROM self_checks")
    answered = ("audit_logging", "case_management", "support_benefits", "ui_gateway")
    assert promised == dict.fromkeys(
        (f"{service}.{stream}" for service in answered for stream in ("facts", "looks")), 0
    )
    settle(log)
    log.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(log.runtime)
    assert results(log) == [[]]


def test_what_a_service_told_and_the_log_has_not_is_a_fault(audited_office: Office) -> None:
    log = audited_office.services["audit_logging"]
    with audited_office.services["payments"].work() as work:
        work.look("case_payments", ["case:00000001"], "enquiry")
    log.clock.set(now=MORNING)
    self_check(log.runtime)
    settle(log)
    log.clock.set(now=MORNING + timedelta(minutes=5))
    self_check(log.runtime)
    assert results(log) == [["behind:payments.looks"]]
