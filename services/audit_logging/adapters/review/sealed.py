"""Which columns of this service are sealed: what reviewers say. Openings stay clear: they go by their period."""

from typing import Final

from shared.service_kit.encryption.sealing import Sealed

REVIEWS: Final = Sealed("reviews", ("review_id",), ("words",))
SEALED: Final = (REVIEWS,)
