"""One verb a file: what a deciding service does, by subject, each on what the service brings (`deciding.py`)."""
