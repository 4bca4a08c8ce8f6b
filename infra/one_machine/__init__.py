"""The whole system on one machine with nothing installed: processes, command line, the synthetic ward."""
