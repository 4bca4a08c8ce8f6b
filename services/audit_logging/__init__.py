"""The append-only, provable record (監査ログ) of who did, saw and changed what."""
