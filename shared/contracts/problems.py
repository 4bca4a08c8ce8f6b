"""Problem types (RFC 9457): name → HTTP status and Japanese title. docs/problems.md explains each."""

from typing import Final

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "not-authenticated": (401, "ログインが必要です"),
    "not-permitted": (403, "この操作の権限がありません"),
    "out-of-scope": (403, "この記録は担当の範囲にありません"),
    "incompatible-duties": (403, "兼ねることのできない職務があります"),
    "duties-clash": (409, "同じ日に兼ねることのできない職務です"),
    "own-assignment": (403, "自分の担当は起案も決裁もできません"),
    "step-up-required": (401, "決裁の前に、もう一度本人確認が必要です"),
    "not-found": (404, "見つかりません"),
    "method-not-allowed": (405, "この操作はできません"),
    "invalid-input": (422, "入力に誤りがあります"),
    "import-faults": (422, "取込ファイルに誤りがあります"),
    "idempotency-key-missing": (400, "Idempotency-Key がありません"),
    "idempotency-key-reused": (409, "同じ Idempotency-Key で別の内容が送られました"),
    "answer-expired": (410, "処理は済み、その答えは保存期間が過ぎました"),
    "events-expired": (410, "保存期間が過ぎた事実です"),
    "within-retention": (409, "保存期間が終わっていません"),
    "nothing-to-delete": (409, "消すものがありません"),
    "same-person": (409, "起案者は決裁できません"),
    "own-looks": (403, "自分の閲覧は点検できません"),
    "content-moved": (409, "決裁の対象が変わりました"),
    "determinations-moved": (409, "決裁する決定の内容が変わりました"),
    "wrong-state": (409, "この状態ではできません"),
    "too-many-requests": (429, "短い時間に操作が多すぎます"),
    "too-many-emergencies": (429, "緊急閲覧が多すぎます"),
    "too-large": (413, "大きすぎます"),
    "unavailable": (503, "いま処理できません。しばらくしてからお試しください"),
    "internal": (500, "処理できませんでした"),
}
