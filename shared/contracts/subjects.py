"""What a look, a refusal or an emergency may be about: records by their numbers, as the audit names them."""

import re
from typing import Final

RECORD_KINDS: Final = "case|person|consultation|application"
"""Cases and persons; consultations and applications at the desk, by their receipt numbers."""
NUMBERED: Final = re.compile("(case|person|consultation|application):[0-9]{8,10}")
"""A subject that is told to the audit: whatever else was typed into an address is told to nobody."""
