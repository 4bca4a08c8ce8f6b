"""What the members of bodies and answers may look like, for the OpenAPI documents: made-up, and nobody's."""

from typing import Any, Final

MEMBERS: Final[dict[str, Any]] = {
    "case_no": "10000001",
    "person_no": "0000000100",
    "subject": "case:10000001",
    "month": "2026-12",
    "from": "2026-12-01",
    "to": "2026-12-31",
    "name": "架空 花子",
    "kana": "カクウ ハナコ",
    "birth": "1979-05",
    "telephone": "03-0000-0000",
    "address": "東京都新宿区架空町1-2",
    "district": "01",
    "caseworker": "demo-caseworker",
    "proposer": "person:demo-caseworker",
    "approver": "person:demo-head",
    "recorded_by": "person:demo-caseworker",
    "actor": "person:demo-caseworker",
    "staff": "demo-caseworker",
    "person": "demo-caseworker",
    "reason": "monthly",
    "purpose": "casework",
    "standards": "2026-10-01#1",
    "kind": "livelihood",
    "basis": "告示別表第1",
    "trust": "confirmed",
    "yen": 76_880,
    "sha256": "0" * 64,
    "words": "聞き取りのとおり",
    "why": "聞き違い",
    "asked": "残高",
    "addressee": "架空銀行",
    "cells": {"rent": "53700"},
    "facts": {"rent": 53_700},
    "data": {"rent": 53_700},
    "inputs": {"persons": 1},
    "kinds": {"livelihood": 76_880},
    "warnings": {"type": "rounded"},
    "detail": {"cases": 1},
    "positions": {"payments.facts": 12},
}
"""By the name of a member."""
BYTES: Final = "(bytes)"
ANSWERS: Final[dict[str, Any]] = {
    "read_checkpoint": "kurashi-log\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— kurashi-log (signature)\n",
    "read_public_key": "kurashi-log+00000000+(key)\n",
    "read_proof": "c2sp.org/tlog-proof@v1\nindex 0\n(hashes)\n\n(checkpoint)",
    "read_tile": BYTES,
    "export_looks": BYTES,
    "read_run_file": BYTES,
    "open_attachment": BYTES,
    "read_access_of_day": {
        "on": "2026-12-01",
        "items": [],
        "emergencies": [],
        "restrictions": [],
        "emergency_services": ["case_management"],
        "restriction_services": ["case_management"],
    },
}
"""By operation, of those whose answer is a file."""
BODIES: Final[dict[str, Any]] = {
    "propose_assignments": {
        "reason": "appointment",
        "items": [{"person": "demo-caseworker", "role": "caseworker", "districts": ["01"], "from": "2026-12-01"}],
    },
}
"""By operation, of those that need one of several members."""
