"""The staff's words: what a code stands for is told in Japanese wherever it is shown."""

import re
from pathlib import Path

from services.ui_gateway.pages.labels import SEEN

PROJECT = Path(__file__).parents[2]
LOOKED = re.compile(r"(?:work\.look\(|look_at_cases\(work, )\"([a-z_]+)\"")


def test_every_kind_of_look_has_a_word_for_the_auditor() -> None:
    sources = [path for folder in ("services", "shared") for path in (PROJECT / folder).rglob("*.py")]
    looked = {kind for path in sources for kind in LOOKED.findall(path.read_text())}
    assert {"bank_file", "case"} <= looked
    assert looked <= set(SEEN)
