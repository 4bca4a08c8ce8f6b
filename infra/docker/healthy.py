"""The probe of every container: 0 where the process answers that it is ready; standard library alone, quick to start.

A worker is told `KURASHI_WORKER_PORT`, a web process `KURASHI_PORT`.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

SECONDS = 15

port = os.environ.get("KURASHI_WORKER_PORT") or os.environ.get("KURASHI_PORT") or "8000"
try:
    connection = HTTPConnection("127.0.0.1", int(port), timeout=SECONDS)
    connection.request("GET", "/health/ready")
    sys.exit(0 if connection.getresponse().status == 200 else 1)
except (OSError, HTTPException):
    sys.exit(1)
