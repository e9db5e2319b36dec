"""Writes the golden ensembles that the TypeScript is compared with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy scipy scikit-learn
    /tmp/golden/bin/python test/golden/make_ensembles.py

Last made with numpy 2.4.6, SciPy 1.17.1 and scikit-learn 1.9.1. Nothing runs this in a test.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from scipy.stats import gmean
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
warnings.simplefilter("ignore")


def softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def pooled():
    rng = np.random.RandomState(4)
    members = np.round(softmax(rng.normal(size=(4, 12, 3))), 6)
    members[..., 2] = 1 - members[..., 0] - members[..., 1]
    median, geometric = np.median(members, axis=0), gmean(members, axis=0)
    labels = np.round(rng.uniform(0.05, 0.9, size=(3, 6, 2)), 6)
    of, against = gmean(labels, axis=0), gmean(1 - labels, axis=0)
    return {"members": members.tolist(),
            "median": (median / median.sum(axis=1, keepdims=True)).tolist(),
            "geometricMean": (geometric / geometric.sum(axis=1, keepdims=True)).tolist(),
            "labels": labels.tolist(), "labelsGeometricMean": (of / (of + against)).tolist()}


def stacked():
    rng = np.random.RandomState(6)
    cases = []
    for classes, columns, n, c in [(2, 3, 60, 1.0), (3, 2, 90, 1.0), (4, 3, 120, 10.0)]:
        targets = rng.randint(0, classes, size=n)
        tables = np.round(softmax(rng.normal(size=(columns, n, classes)) + 1.2 * np.eye(classes)[targets]), 5)
        new = np.round(softmax(rng.normal(size=(columns, 7, classes))), 5)

        def features(tables):
            # as StackingClassifier: of two classes the second alone
            return np.concatenate([table[:, 1:] if classes == 2 else table for table in tables], axis=1)

        model = LogisticRegression(C=c, tol=1e-12, max_iter=100_000).fit(features(tables), targets)
        cases.append({"classes": classes, "c": c, "targets": targets.tolist(), "columns": tables.tolist(),
                      "new": new.tolist(), "predicted": model.predict_proba(features(new)).tolist()})
    return cases


if __name__ == "__main__":
    golden = {"pooled": pooled(), "stacked": stacked()}
    (HERE / "ensembles.json").write_text(json.dumps(golden, separators=(",", ":"), allow_nan=False) + "\n")
