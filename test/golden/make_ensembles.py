"""Writes the golden ensembles that the TypeScript is compared with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy scipy scikit-learn
    /tmp/golden/bin/python test/golden/make_ensembles.py

Last made with numpy 2.4.6, SciPy 1.17.1 and scikit-learn 1.9.1. Nothing runs this in a test.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from scipy.special import expit
from scipy.special import softmax as scipy_softmax
from scipy.stats import gmean
from sklearn import metrics
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

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


def stacked_labels():
    """Several labels: a binary regression for each, on that label's probabilities alone."""
    rng = np.random.RandomState(8)
    n, labels, columns, c = 80, 3, 2, 0.5
    targets = rng.randint(0, 2, size=(n, labels))
    tables = np.round(expit(rng.normal(size=(columns, n, labels)) + 1.5 * (targets - 0.5)), 5)
    new = np.round(rng.uniform(size=(columns, 6, labels)), 5)
    predicted = [LogisticRegression(C=c, tol=1e-12, max_iter=100_000).fit(tables[:, :, k].T, targets[:, k])
                 .predict_proba(new[:, :, k].T)[:, 1] for k in range(labels)]
    return {"c": c, "targets": targets.tolist(), "columns": tables.tolist(), "new": new.tolist(),
            "predicted": np.stack(predicted, axis=1).tolist()}


def stacked_values():
    rng = np.random.RandomState(9)
    cases = []
    for outputs, columns, n, c in [(1, 3, 50, 1.0), (2, 2, 70, 0.1)]:
        targets = np.round(100 + 30 * rng.normal(size=(n, outputs)), 3)
        tables = np.round(targets + rng.normal(scale=12, size=(columns, n, outputs)) + 5, 3)
        new = np.round(100 + 40 * rng.normal(size=(columns, 6, outputs)), 3)
        predicted = [make_pipeline(StandardScaler(), Ridge(alpha=1 / c)).fit(tables[:, :, k].T, targets[:, k])
                     .predict(new[:, :, k].T) for k in range(outputs)]
        cases.append({"outputs": outputs, "c": c, "targets": targets.tolist(), "columns": tables.tolist(),
                      "new": new.tolist(), "predicted": np.stack(predicted, axis=1).tolist()})
    return cases


def logits():
    rng = np.random.RandomState(10)
    members = np.round(4 * rng.normal(size=(3, 5, 3)), 4)
    members[0, 0] = [900.0, 0.0, -900.0]
    geometric = gmean(scipy_softmax(members, axis=2), axis=0)
    return {"members": members.tolist(), "softmax": scipy_softmax(members, axis=2).tolist(),
            "sigmoid": expit(members).tolist(),
            "geometricMean": (geometric / geometric.sum(axis=1, keepdims=True)).tolist()}


def several_columns():
    """Metrics of labels and of quantities: scikit-learn's averages over columns."""
    rng = np.random.RandomState(11)
    labels = rng.randint(0, 2, size=(40, 3))
    scores = np.round(expit(rng.normal(size=(40, 3)) + labels - 0.5), 4)
    truth = np.round(rng.normal(size=(25, 2)) * [1, 50], 4)
    values = np.round(truth + rng.normal(size=(25, 2)) * [0.3, 20], 4)
    return {
        "labels": {"targets": labels.tolist(), "scores": scores.tolist(), "metrics": {
            "accuracy": 1 - metrics.hamming_loss(labels, scores > 0.5),
            "logLoss": float(np.mean([metrics.log_loss(labels[:, k], scores[:, k]) for k in range(3)])),
            "auroc": metrics.roc_auc_score(labels, scores, average="macro")}},
        "values": {"targets": truth.tolist(), "scores": values.tolist(), "metrics": {
            "mae": metrics.mean_absolute_error(truth, values),
            "rmse": metrics.root_mean_squared_error(truth, values),
            "r2": metrics.r2_score(truth, values)}},
    }


if __name__ == "__main__":
    golden = {"pooled": pooled(), "stacked": stacked(), "stackedLabels": stacked_labels(),
              "stackedValues": stacked_values(), "logits": logits(), "severalColumns": several_columns()}
    (HERE / "ensembles.json").write_text(json.dumps(golden, separators=(",", ":"), allow_nan=False) + "\n")
