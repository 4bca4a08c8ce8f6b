"""Which of an office's services answer at all: asked side by side, nobody longer than five seconds."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import requests

from infra.issuer.login import LoginFailed, direct_session
from infra.one_machine.processes.office import Office

ANSWER_SECONDS: Final = 5.0
AGAIN_SECONDS: Final = 0.2
ISSUER: Final = "issuer"
NO_ANSWER: Final = (requests.RequestException, LoginFailed)
"""What is raised where a service, or the issuer for a token, does not answer a question."""


def silent(office: Office) -> list[str]:
    """The services, and the issuer, that are not ready to answer within five seconds; empty where all are."""
    asked = {ISSUER: office.issuer_url, **office.urls}
    with ThreadPoolExecutor(max_workers=len(asked)) as pool:
        answers = dict(zip(asked, pool.map(_answers, asked.values()), strict=True))
    return [name for name, answers_now in answers.items() if not answers_now]


def who_is_silent(office: Office, error: Exception) -> str:
    """The name of the one that a question was sent to in vain."""
    request = getattr(error, "request", None)
    url = str(getattr(request, "url", ""))
    return next((name for name, address in office.urls.items() if url.startswith(address)), ISSUER)


def _answers(url: str) -> bool:
    """One that was killed a moment ago is being started again: it is asked until the seconds are over."""
    latest = time.monotonic() + ANSWER_SECONDS
    with direct_session() as session:
        while (left := latest - time.monotonic()) > 0:
            try:
                if session.get(f"{url}/health/ready", timeout=left).status_code == requests.codes.ok:
                    return True
            except requests.RequestException:
                pass
            time.sleep(AGAIN_SECONDS)
    return False
