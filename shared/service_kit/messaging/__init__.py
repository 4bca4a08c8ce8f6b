"""Messages: the broker as a service uses it, and the Celery application whose messages carry tasks."""
