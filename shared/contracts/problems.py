"""Problem types (RFC 9457): name → HTTP status and Japanese title. docs/problems.md explains each."""

from typing import Final

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "not-authenticated": (401, "ログインが必要です"),
    "not-permitted": (403, "この操作の権限がありません"),
    "not-found": (404, "見つかりません"),
    "method-not-allowed": (405, "この操作はできません"),
    "invalid-input": (422, "入力に誤りがあります"),
    "import-faults": (422, "取込ファイルに誤りがあります"),
    "idempotency-key-missing": (400, "Idempotency-Key がありません"),
    "idempotency-key-reused": (409, "同じ Idempotency-Key で別の内容が送られました"),
    "same-person": (409, "起案者は決裁できません"),
    "content-moved": (409, "決裁の対象が変わりました"),
    "determinations-moved": (409, "決裁する決定の内容が変わりました"),
    "wrong-state": (409, "この状態ではできません"),
    "too-large": (413, "大きすぎます"),
    "unavailable": (503, "いま処理できません。しばらくしてからお試しください"),
    "internal": (500, "処理できませんでした"),
}
