"""Periods for which data are kept (保存期間), and their expiry."""
