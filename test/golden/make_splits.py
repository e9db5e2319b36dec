"""Writes the golden splits that the TypeScript is compared with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy scikit-learn
    /tmp/golden/bin/python test/golden/make_splits.py          # writes splits.json
    /tmp/golden/bin/python test/golden/make_splits.py --check  # with another version: says what differs

Last made with numpy 2.4.6 and scikit-learn 1.9.1. Version 1.6.1 gives the same but for the shuffled StratifiedGroupKFold and
the GroupKFold without shuffle where groups are of equal size, which scikit-learn changed since. Nothing runs this in a test.
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import model_selection as ms

FILE = Path(__file__).parent / "splits.json"
warnings.simplefilter("ignore")


def column(n, values, step):
    """Made again in the test: a mixed sequence without a random generator."""
    return [(row * step + row * row % 7) % values for row in range(n)]


def digest(splits):
    parts = [",".join(map(str, train)) + "|" + ",".join(map(str, validation)) for train, validation in splits]
    return hashlib.sha256(";".join(parts).encode()).hexdigest()


def sizes():
    # (rows, classes, groups): also more than eight classes and folds, where numpy sums in another order
    return [(12, 2, 6), (31, 3, 8), (60, 2, 60), (200, 10, 23), (997, 12, 150), (4000, 4, 400)]


def cases():
    for n, classes, groups in sizes():
        y, g = column(n, classes, 5), column(n, groups, 11)
        folds = [k for k in (2, 3, 5, 10) if k <= n // classes and k <= groups]
        for k in folds:
            for seed in (1234, 0, 2**32 - 1):
                yield n, classes, groups, {"kind": "stratifiedKFold", "numFolds": k, "shuffle": True, "seed": seed}, 1, \
                    lambda k=k, seed=seed: ms.StratifiedKFold(k, shuffle=True, random_state=seed).split(y, y)
                yield n, classes, groups, {"kind": "groupKFold", "numFolds": k, "shuffle": True, "seed": seed}, 1, \
                    lambda k=k, seed=seed: ms.GroupKFold(k, shuffle=True, random_state=seed).split(y, y, g)
                yield n, classes, groups, {"kind": "stratifiedGroupKFold", "numFolds": k, "shuffle": True, "seed": seed}, 1, \
                    lambda k=k, seed=seed: ms.StratifiedGroupKFold(k, shuffle=True, random_state=seed).split(y, y, g)
            yield n, classes, groups, {"kind": "kFold", "numFolds": k, "shuffle": False, "seed": 0}, 1, \
                lambda k=k: ms.KFold(k).split(y)
            yield n, classes, groups, {"kind": "kFold", "numFolds": k, "shuffle": True, "seed": 7}, 1, \
                lambda k=k: ms.KFold(k, shuffle=True, random_state=7).split(y)
            yield n, classes, groups, {"kind": "stratifiedKFold", "numFolds": k, "shuffle": False, "seed": 0}, 1, \
                lambda k=k: ms.StratifiedKFold(k).split(y, y)
            yield n, classes, groups, {"kind": "groupKFold", "numFolds": k, "shuffle": False, "seed": 0}, 1, \
                lambda k=k: ms.GroupKFold(k).split(y, y, g)
            yield n, classes, groups, {"kind": "stratifiedGroupKFold", "numFolds": k, "shuffle": False, "seed": 0}, 1, \
                lambda k=k: ms.StratifiedGroupKFold(k).split(y, y, g)
            yield n, classes, groups, {"kind": "repeatedKFold", "numFolds": k, "seed": 42}, 3, \
                lambda k=k: ms.RepeatedKFold(n_splits=k, n_repeats=3, random_state=42).split(y)
            yield n, classes, groups, {"kind": "repeatedStratifiedKFold", "numFolds": k, "seed": 42}, 3, \
                lambda k=k: ms.RepeatedStratifiedKFold(n_splits=k, n_repeats=3, random_state=42).split(y, y)
            yield n, classes, groups, {"kind": "timeSeriesSplit", "numSplits": k, "validationSize": None,
                                       "maxTrainSize": None, "gap": 0}, 1, \
                lambda k=k: ms.TimeSeriesSplit(k).split(y)
        yield n, classes, groups, {"kind": "timeSeriesSplit", "numSplits": 3, "validationSize": 2, "maxTrainSize": 3,
                                   "gap": 1}, 1, \
            lambda: ms.TimeSeriesSplit(3, test_size=2, max_train_size=3, gap=1).split(y)
        for validation, train in ((0.25, None), (None, 0.5), (0.3, 0.55), (None, None), (n // 3, n // 2)):
            spec = {"numSplits": 4, "validationSize": validation, "trainSize": train, "seed": 3}
            arguments = dict(n_splits=4, test_size=validation, train_size=train, random_state=3)
            yield n, classes, groups, {"kind": "shuffleSplit", **spec}, 1, \
                lambda a=arguments: ms.ShuffleSplit(**a).split(y)
            if validation != n // 3:
                yield n, classes, groups, {"kind": "groupShuffleSplit", **spec}, 1, \
                    lambda a=arguments: ms.GroupShuffleSplit(**a).split(y, y, g)
            if not (validation is None and train is None and n / 10 < classes):
                yield n, classes, groups, {"kind": "stratifiedShuffleSplit", **spec}, 1, \
                    lambda a=arguments: ms.StratifiedShuffleSplit(**a).split(y, y)
        if n <= 60:
            yield n, classes, groups, {"kind": "leaveOneOut", "leave": 1}, 1, lambda: ms.LeaveOneOut().split(y)
            yield n, classes, groups, {"kind": "leaveOneGroupOut", "leave": 1}, 1, \
                lambda: ms.LeaveOneGroupOut().split(y, y, g)
        if groups <= 23:
            yield n, classes, groups, {"kind": "leavePGroupsOut", "leave": 2}, 1, \
                lambda: ms.LeavePGroupsOut(2).split(y, y, g)


def inner():
    """scikit-learn's train_test_split, for test sets and inner splits."""
    for n, classes, _ in sizes():
        y = column(n, classes, 5)
        for stratify in (False, True):
            train, test = ms.train_test_split(np.arange(n), test_size=0.25, random_state=9,
                                              stratify=y if stratify else None)
            yield {"n": n, "classes": classes, "stratify": stratify, "sha256": digest([(train, test)])}


if __name__ == "__main__":
    made = []
    for n, classes, groups, splitter, repetitions, split in cases():
        parts = [(train.tolist(), validation.tolist())
                 for train, validation in ((np.asarray(a), np.asarray(b)) for a, b in split())]
        case = {"n": n, "classes": classes, "groups": groups, "splitter": splitter, "repetitions": repetitions,
                "sha256": digest(parts)}
        if n == 12 and len(parts) <= 6:
            case["parts"] = parts
        made.append(case)
    golden = {"splits": made, "testSets": list(inner())}
    if "--check" in sys.argv:
        known = json.loads(FILE.read_text())
        differ = [a["splitter"] for a, b in zip(known["splits"], made) if a != json.loads(json.dumps(b))]
        kinds = sorted({f"{each['kind']}, shuffle {each.get('shuffle')}" for each in differ})
        print(f"scikit-learn {sklearn.__version__}: {len(differ)} of {len(made)} differ", kinds)
    else:
        FILE.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
        print(len(made), "cases,", FILE.stat().st_size, "bytes")
