"""Casework (ケース記録, 約束・予定) as case management answers it."""
