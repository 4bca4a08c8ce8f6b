"""The processes of a service and an operator's commands."""
