"""scikit-learn's cross_validate on joblib's warm loky workers, one round for each line on stdin.

Arguments: folds, repetitions, workers, rows. Answers each line by {"ms": wall, "cpuMs": CPU of this process and its workers}.
"""

import json
import os
import sys
import time

import joblib
import numpy
import sklearn
from noop_estimator import NoOp
from sklearn.model_selection import RepeatedKFold, cross_validate

folds, repetitions, workers, rows = (int(argument) for argument in sys.argv[1:])
X = numpy.zeros((rows, 1))
y = numpy.zeros(rows)
cv = RepeatedKFold(n_splits=folds, n_repeats=repetitions, random_state=1234)


def cpu_seconds():
    """Of this process and its children, dead or alive; NaN where /proc does not tell."""
    try:
        ticks = 0
        pid = os.getpid()
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except FileNotFoundError:
                continue
            if int(fields[1]) == pid:
                ticks += int(fields[11]) + int(fields[12])
        own = os.times()
        return own.user + own.system + own.children_user + own.children_system + ticks / os.sysconf("SC_CLK_TCK")
    except FileNotFoundError:
        return float("nan")


print(json.dumps({"versions": {"scikit-learn": sklearn.__version__, "joblib": joblib.__version__, "python": sys.version.split()[0]}}), flush=True)
with joblib.parallel_config(backend="loky", n_jobs=workers):
    for _ in sys.stdin:
        cpu = cpu_seconds()
        started = time.perf_counter()
        result = cross_validate(NoOp(), X, y, cv=cv, n_jobs=workers)
        wall = time.perf_counter() - started
        assert len(result["test_score"]) == folds * repetitions
        print(json.dumps({"ms": wall * 1000, "cpuMs": (cpu_seconds() - cpu) * 1000}), flush=True)
