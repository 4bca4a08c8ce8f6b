"""Write the canary of the day and verify that the log kept it."""
