"""Casework (ケース記録, 約束・予定): one verb a file."""
