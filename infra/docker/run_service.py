"""Runs the one service that this image holds: `web`, `worker`, `relay`, `schedule`, `migrate` or `openapi`."""

import os
import runpy

runpy.run_module(f"services.{os.environ['KURASHI_SERVICE']}.app", run_name="__main__", alter_sys=True)
