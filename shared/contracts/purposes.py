"""Why somebody looks at a record (閲覧の目的), and why in an emergency: declared codes, so that no word slips in."""

from typing import Literal

Purpose = Literal[
    "casework",
    "enquiry",
    "complaint",
    "investigation",
    "determination",
    "notice",
    "payments",
    "disbursement",
    "review",
    "monthly_review",
    "board_request",
    "operation",
]
"""ケースワーク, 問合せ, 苦情・開示, 調査, 決定, 通知, 支払, 支出, 点検・監査, 毎月の点検, 審議会の求め, 運用."""

Emergency = Literal["danger_to_life", "life_and_body", "abuse", "disaster", "caseworker_away"]
"""緊急閲覧の理由: 生命の危険, 身体の保護, 虐待, 災害, 担当員の不在."""

Assigned = Literal["first", "appointment", "transfer", "absence", "leave", "correction", "retirement", "dismissal"]
"""担当の理由: 初期設定, 任命, 異動, 不在, 休職, 訂正, 退職, 解任."""
