"""Imported by the fork server alone, before it forks: all that its children need.

The garbage collector rests meanwhile and leaves alone for good what is loaded by then: a child neither searches it
nor has to copy it. Each child lets its own collector begin (`forking`).
"""

import gc
import os
from contextlib import suppress
from importlib import import_module

from infra.one_machine.processes.forking import PRELOADED

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy would start threads, and what has threads is not forked
gc.disable()
for name in PRELOADED:
    with suppress(ImportError):  # told by the child that needs it
        import_module(name)
gc.freeze()
