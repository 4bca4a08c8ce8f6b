"""Intake (面接相談, 申請): one verb a file."""
