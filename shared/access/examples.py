"""What the OpenAPI documents of an office say where a schema says nothing; every ``app.py`` hands it to its service."""

from typing import Final

from shared.contracts.examples import ANSWERS, BODIES, MEMBERS
from shared.service_kit.http.examples import Examples

EXAMPLES: Final = Examples(MEMBERS, ANSWERS, BODIES)
