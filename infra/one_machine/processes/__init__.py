"""The processes of an office on one machine: started in order, watched, started again, and ended."""
