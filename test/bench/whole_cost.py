"""Runs a program and prints what it cost with all processes that it started: python whole_cost.py PROGRAM [ARGUMENT …]"""

import json
import resource
import subprocess
import sys
import time

started_at = time.time() * 1000
started = time.perf_counter()
code = subprocess.call(sys.argv[1:])
wall = time.perf_counter() - started
# of children that were waited for, and of theirs
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime + used.ru_stime
print(json.dumps({"startedAt": started_at, "wholeWall": wall, "wholeCpu": cpu}), flush=True)
sys.exit(code)
