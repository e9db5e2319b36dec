"""The peer of the overhead benchmark: no-op cross-validation by scikit-learn and joblib's warm loky workers.

Reads a line per round on stdin, answers with one JSON line: wall and CPU seconds of all processes for that round.
"""

import json
import os
import pathlib
import resource
import sys
import time

import joblib
import numpy
import sklearn
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import KFold, cross_validate

FOLDS, REPETITIONS = int(sys.argv[1]), int(sys.argv[2])


class NoOp(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.classes_ = numpy.array([0, 1])
        return self

    def predict_proba(self, X):
        return numpy.full((len(X), 2), 0.5)

    def score(self, X, y):
        return float(len(self.predict_proba(X)))


def usage():
    """CPU seconds of this process and of the live loky workers below it, read from /proc."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    total = own.ru_utime + own.ru_stime
    for task in pathlib.Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


X, y = numpy.zeros((100, 1)), numpy.arange(100) % 2
print(json.dumps({"versions": {"scikit-learn": sklearn.__version__, "joblib": joblib.__version__}}), flush=True)
with joblib.parallel_config("loky", n_jobs=2):
    for _ in sys.stdin:
        start, cpu = time.perf_counter(), usage()
        for seed in range(REPETITIONS):
            cross_validate(NoOp(), X, y, cv=KFold(FOLDS, shuffle=True, random_state=1234))
        print(json.dumps({"seconds": time.perf_counter() - start, "cpuSeconds": usage() - cpu}), flush=True)
