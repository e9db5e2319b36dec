"""Writes the golden vectors that the TypeScript is compared with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy scikit-learn
    /tmp/golden/bin/python test/golden/make_numpy_sklearn.py

Last made with numpy 2.4.6 and scikit-learn 1.9.1. The files are small and committed; nothing runs this in a test.
"""

import hashlib
import json
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics
from sklearn.model_selection import KFold

HERE = Path(__file__).parent
# NaN is the expected answer of some cases; scikit-learn warns about each
warnings.simplefilter("ignore")


def wire(value):
    """JSON has no NaN and no infinities: they travel as their names, like the run model's numbers."""
    if isinstance(value, dict):
        return {key: wire(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [wire(inner) for inner in value]
    if isinstance(value, float) and not np.isfinite(value):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    return value


def write(name, value):
    (HERE / name).write_text(json.dumps(wire(value), separators=(",", ":"), allow_nan=False) + "\n")


def random_state():
    cases = []
    for seed in [0, 1, 1234, 2**31, 2**32 - 1]:
        def fresh(seed=seed):
            return np.random.RandomState(seed)

        shuffled = np.arange(33)
        fresh().shuffle(shuffled)
        integers = fresh()
        bounds = [2, 10, 1000, 2**31, 2**32, 2**32 + 1, 2**40 + 7, 2**53]
        cases.append({
            "seed": seed,
            # more than one block of 624 words
            "u32": [int(v) for v in fresh()._bit_generator.random_raw(1300)[[0, 1, 2, 623, 624, 1299]]],
            "random": fresh().random_sample(5).tolist(),
            "normal": fresh().standard_normal(7).tolist(),
            "permutation": fresh().permutation(10).tolist(),
            "shuffle": shuffled.tolist(),
            "bounds": bounds,
            "integers": [[int(integers.randint(0, bound)) for _ in range(3)] for bound in bounds],
        })
    write("random_state.json", cases)


def kfold():
    cases = []
    for n, k, seed in [(2, 2, 1234), (10, 5, 1234), (11, 3, 0), (64, 7, 1), (65, 64, 1234), (20, 4, 2**32 - 1),
                       (6000, 5, 1234), (60000, 5, 1234), (65537, 7, 2**31)]:
        parts = [(train.tolist(), validation.tolist())
                 for train, validation in KFold(k, shuffle=True, random_state=seed).split(np.zeros(n))]
        case = {"n": n, "k": k, "seed": seed}
        if n <= 20:
            case["train"], case["validation"] = [list(part) for part in zip(*parts)]
        for half, name in enumerate(["trainSha256", "validationSha256"]):
            text = ";".join(",".join(map(str, part[half])) for part in parts)
            case[name] = hashlib.sha256(text.encode()).hexdigest()
        cases.append(case)
    write("kfold.json", cases)


def softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def votes_and_ranks(scores, targets, predicted, classes):
    columns = list(range(classes))
    if classes == 2:
        weighted = metrics.roc_auc_score(targets, scores[:, 1])
        precision_recall = [metrics.average_precision_score(targets, scores[:, 1])] * 2
    else:
        weighted = metrics.roc_auc_score(targets, scores, multi_class="ovr", average="weighted", labels=columns) \
            if len(set(targets)) == classes else np.nan
        # an absent class is 0 to scikit-learn and NaN to us
        binary = np.eye(classes)[targets]
        precision_recall = [metrics.average_precision_score(binary, scores, average=average)
                            if len(set(targets)) == classes else np.nan for average in ("macro", "weighted")]
    values = {"aurocWeighted": weighted, "auprc": precision_recall[0], "auprcWeighted": precision_recall[1],
              "mcc": metrics.matthews_corrcoef(targets, predicted),
              "calibrationError": calibration_error(scores, targets)}
    for weights in ("none", "linear", "quadratic"):
        values["kappa " + weights] = metrics.cohen_kappa_score(
            targets, predicted, labels=columns, weights=None if weights == "none" else weights)
    for average in ("binary", "macro", "weighted", "micro"):
        if average == "binary" and classes > 2:
            continue
        options = {"average": average, "zero_division": 0}
        values["precision " + average] = metrics.precision_score(targets, predicted, **options)
        values["recall " + average] = metrics.recall_score(targets, predicted, **options)
        values["f1 " + average] = metrics.f1_score(targets, predicted, **options)
        values["fBeta " + average] = metrics.fbeta_score(targets, predicted, beta=2, **options)
    return values


def calibration_error(scores, targets, bins=15):
    """Not in scikit-learn: equation 5 of Guo et al. (2017), with numpy."""
    confidence, right = scores.max(axis=1), scores.argmax(axis=1) == targets
    error = 0.0
    for low, high in zip(np.arange(bins) / bins, np.arange(1, bins + 1) / bins):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def classification(name, scores, targets, classes):
    columns = list(range(classes))
    predicted = scores.argmax(axis=1)
    values = {
        "accuracy": metrics.accuracy_score(targets, predicted),
        "balancedAccuracy": metrics.balanced_accuracy_score(targets, predicted),
        "logLoss": metrics.log_loss(targets, scores, labels=columns),
        "brier": metrics.brier_score_loss(targets, scores if classes > 2 else scores[:, 1], labels=columns),
        "auroc": metrics.roc_auc_score(targets, scores[:, 1]) if classes == 2
        else metrics.roc_auc_score(targets, scores, multi_class="ovr", average="macro", labels=columns),
    }
    values |= votes_and_ranks(scores, targets, predicted, classes)
    case = {
        "name": name,
        "scores": scores.tolist(),
        "targets": targets.tolist(),
        "values": {key: float(value) for key, value in values.items()},
        "confusion": metrics.confusion_matrix(targets, predicted, labels=columns).tolist(),
    }
    if classes == 2 and len(set(targets.tolist())) == 2:
        fpr, tpr, _ = metrics.roc_curve(targets, scores[:, 1])
        case["roc"] = {"fpr": fpr.tolist(), "tpr": tpr.tolist()}
    return case


def metric_values():
    rng = np.random.RandomState(7)
    cases = []

    p = np.round(np.clip(rng.uniform(size=40) * 0.6 + np.repeat([0.0, 0.4], 20), 0, 1), 1)  # many ties
    cases.append(classification("binary with ties", np.column_stack([1 - p, p]), np.repeat([0, 1], 20), 2))

    p = np.array([0.0, 1.0, 0.25, 0.75, 1.0, 0.0])
    cases.append(classification("binary with zeros and ones", np.column_stack([1 - p, p]),
                                np.array([0, 1, 0, 1, 0, 1]), 2))

    p = np.array([0.2, 0.6, 0.9])
    cases.append(classification("binary with one class present", np.column_stack([1 - p, p]), np.array([1, 1, 1]), 2))

    targets = rng.randint(0, 4, size=50)
    logits = rng.normal(size=(50, 4)) + 1.5 * np.eye(4)[targets]
    cases.append(classification("four classes", np.round(softmax(logits), 6), targets, 4))

    targets = np.array([0, 0, 1, 1, 1, 0])
    scores = np.round(softmax(rng.normal(size=(6, 3))), 6)
    scores[:, 2] = 1 - scores[:, 0] - scores[:, 1]
    cases.append(classification("three classes of which one is absent", scores, targets, 3))

    float32 = softmax(rng.normal(size=(12, 3))).astype(np.float32).astype(np.float64)
    cases.append(classification("float32 rows that do not quite sum to one", float32, np.arange(12) % 3, 3))

    regressions = []
    for name, targets, scores in [
        ("ordinary", np.round(rng.normal(size=30), 6), np.round(rng.normal(size=30), 6)),
        ("far from zero", np.round(1e6 + rng.normal(size=30), 3), np.round(1e6 + rng.normal(size=30), 3)),
        ("constant targets", np.full(4, 2.0), np.array([1.0, 2.0, 3.0, 2.0])),
        ("constant targets met", np.full(3, 2.0), np.full(3, 2.0)),
        ("one sample", np.array([1.5]), np.array([2.0])),
    ]:
        regressions.append({
            "name": name,
            "scores": scores.tolist(),
            "targets": targets.tolist(),
            "values": {
                "mae": float(metrics.mean_absolute_error(targets, scores)),
                "rmse": float(metrics.root_mean_squared_error(targets, scores)),
                "r2": float(metrics.r2_score(targets, scores)),
            },
        })
    write("metrics.json", {"classification": cases, "regression": regressions})


def nan_mean():
    rng = np.random.RandomState(3)
    members = np.round(rng.uniform(size=(5, 8, 3)), 6)
    members[1, 2, 0] = np.nan
    members[:, 4, 1] = np.nan
    members[2:, 6, :] = np.nan
    members[0, 7, 2] = np.inf
    write("nanmean.json", {"members": members.tolist(), "mean": np.nanmean(members, axis=0).tolist()})


if __name__ == "__main__":
    random_state()
    kfold()
    metric_values()
    nan_mean()
