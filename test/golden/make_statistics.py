"""Writes the golden statistics that the TypeScript is compared with.

    python3 -m venv /tmp/golden && /tmp/golden/bin/pip install numpy scipy scikit-learn
    /tmp/golden/bin/python test/golden/make_statistics.py

Last made with numpy 2.4.6, SciPy 1.17.1 and scikit-learn 1.9.1. Nothing runs this in a test.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, precision_recall_curve

HERE = Path(__file__).parent


def distributions():
    return {
        "tQuantile": [[p, df, stats.t.ppf(p, df)] for df in [0.7, 1, 1.5, 2, 2.37, 4, 9, 24, 99, 1e4]
                      for p in [0.025, 0.6, 0.9, 0.975, 0.9999]],
        "tTwoSided": [[x, df, 2 * stats.t.sf(x, df)] for df in [1, 2.4, 4, 9, 24, 99]
                      for x in [0, 0.1, 0.5, 1, 2, 3, 6, 10, 30]],
        "normalQuantile": [[p, stats.norm.ppf(p)] for p in [0.005, 0.025, 0.6, 0.9, 0.975, 0.9995]],
        "normalTwoSided": [[z, 2 * stats.norm.sf(z)] for z in [0, 0.3, 1, 1.96, 3.5, 6]],
        "chiSquaredQuantile": [[p, df, stats.chi2.ppf(p, df)] for df in [1, 2, 4, 9.5, 20, 99]
                               for p in [0.001, 0.025, 0.5, 0.975]],
        "fQuantile": [[p, a, b, stats.f.ppf(p, a, b)] for a, b in [(1, 1), (2, 40), (4, 36), (9, 36), (19, 76), (99, 3)]
                      for p in [0.001, 0.025, 0.5, 0.975, 0.999]],
        "binomialCdf": [[k, n, p, stats.binom.cdf(k, n, p)] for k, n, p in
                        [(0, 5, 0.5), (2, 5, 0.5), (5, 5, 0.5), (7, 30, 0.5), (3, 10, 0.2), (250, 500, 0.5)]],
    }


def corrected_interval(values, n, df, ratio, extra=0.0, extra_df=None, level=0.95):
    """As scikit-learn's example "Statistical comparison of models using grid search" corrects the standard deviation."""
    folds = np.var(values, ddof=1) * (1 / n + ratio)
    total = folds + extra
    if extra_df is not None:
        df = total**2 / (folds**2 / (n - 1) + extra**2 / extra_df)
    low, high = stats.t.interval(level, df, loc=np.mean(values), scale=np.sqrt(total))
    return {"mean": float(np.mean(values)), "low": float(low), "high": float(high), "df": float(df)}


def fold_intervals():
    rng = np.random.RandomState(5)
    cases = []
    for k, r, train, validation, level in [(5, 1, 80, 20, 0.95), (5, 4, 80, 20, 0.95), (10, 3, 900, 100, 0.9),
                                           (3, 2, 40, 20, 0.99)]:
        table = np.round(0.8 + 0.05 * rng.normal(size=(r, k)) + 0.03 * rng.normal(size=(r, 1)), 6)
        folds = table.mean(axis=0)
        ratio = validation / train
        case = {"table": table.tolist(), "train": train, "validation": validation, "level": level,
                "fixed": corrected_interval(folds, k, k - 1, ratio, level=level),
                "reshuffled": corrected_interval(table.ravel(), k * r, k * r - 1, ratio, level=level)}
        if r > 1:
            case["shared"] = corrected_interval(folds, k, k - 1, ratio,
                                                extra=float(np.var(table.mean(axis=1), ddof=1) / r),
                                                extra_df=r - 1, level=level)
        cases.append(case)
    return cases


def repetitions():
    values = [0.9895, 0.9901, 0.9898, 0.9911]
    low, high = stats.t.interval(0.95, 3, loc=np.mean(values), scale=stats.sem(values))
    return {"values": values, "low": float(low), "high": float(high)}


def wilson():
    cases = []
    for hits, n in [(0, 10), (45, 60), (10, 10), (1, 1), (9873, 10000), (1, 1000)]:
        for level in [0.95, 0.99]:
            ci = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
            cases.append([hits, n, level, float(ci.low), float(ci.high)])
    return cases


def bootstraps():
    cases = []
    values = np.round(np.random.RandomState(2).gamma(2, size=23), 6)
    for method in ["percentile", "BCa"]:
        for level in [0.95, 0.8]:
            # SciPy draws the rows of a resample one after the other by randint: the test draws the same
            found = stats.bootstrap((values,), np.mean, n_resamples=500, confidence_level=level, method=method,
                                    random_state=7)
            cases.append({"values": values.tolist(), "method": method.lower(), "level": level,
                          "low": float(found.confidence_interval.low), "high": float(found.confidence_interval.high)})
    return cases


def comparisons():
    rng = np.random.RandomState(8)
    first = np.round(0.8 + 0.03 * rng.normal(size=(2, 6)), 6)
    second = np.round(first - 0.02 + 0.02 * rng.normal(size=(2, 6)), 6)
    differences = (first - second).mean(axis=0)
    # compute_corrected_ttest of scikit-learn's example "Statistical comparison of models using grid search"
    deviation = np.sqrt(np.var(differences, ddof=1) * (1 / 6 + 20 / 100))
    t = np.mean(differences) / deviation
    pairs = []
    for b, c, n in [(0, 0, 10), (5, 1, 40), (12, 12, 100), (30, 11, 200)]:
        p = stats.binomtest(b, b + c).pvalue if b + c else 1.0
        # Bonett & Price (2012), equation 9
        p12, p21 = (b + 1) / (n + 2), (c + 1) / (n + 2)
        half = stats.norm.ppf(0.975) * np.sqrt((p12 + p21 - (p12 - p21) ** 2) / (n + 2))
        pairs.append([b, c, n, float(p), float(p12 - p21 - half), float(p12 - p21 + half)])
    return {"first": first.tolist(), "second": second.tolist(), "t": float(t),
            "p": float(2 * stats.t.sf(abs(t), 5)), "pairs": pairs}


def williams(ms, df, rest, rest_df, times, level):
    """Searle, Casella & McCulloch (1992), section 3.6: a variance component's interval by Williams (1962), as SDs."""
    ends = []
    for p in [(1 + level) / 2, (1 - level) / 2]:
        end = df * ms * (1 - stats.f.ppf(p, df, rest_df) * rest / ms) / (times * stats.chi2.ppf(p, df))
        ends.append(float(np.sqrt(max(0.0, end))))
    return ends


def variance_parts():
    rng = np.random.RandomState(12)
    cases = []
    for k, r, fold, seed, level in [(5, 10, 0.05, 0.02, 0.95), (10, 4, 0.01, 0.06, 0.9), (4, 6, 0.0, 0.0, 0.95)]:
        x = np.round(0.8 + fold * rng.normal(size=(1, k)) + seed * rng.normal(size=(r, 1))
                     + 0.05 * rng.normal(size=(r, k)), 6)
        folds, seeds = x.mean(axis=0), x.mean(axis=1)
        ms_fold = r * np.var(folds, ddof=1)
        ms_seed = k * np.var(seeds, ddof=1)
        rest_df, within_df = (k - 1) * (r - 1), k * (r - 1)
        rest = ((x - folds - seeds[:, None] + x.mean()) ** 2).sum() / rest_df
        within = ((x - folds) ** 2).sum() / within_df

        def alone(ms, df):
            return [float(np.sqrt(df * ms / stats.chi2.ppf(p, df))) for p in [(1 + level) / 2, (1 - level) / 2]]

        cases.append({"table": x.tolist(), "level": level,
                      "shared": [williams(ms_fold, k - 1, rest, rest_df, r, level),
                                 williams(ms_seed, r - 1, rest, rest_df, k, level), alone(rest, rest_df)],
                      "perFold": [williams(ms_fold, k - 1, within, within_df, r, level), alone(within, within_df)]})
    return cases


def curves():
    rng = np.random.RandomState(11)
    cases = []
    for name, n, decimals in [("smooth", 80, 9), ("ties", 60, 1), ("few", 7, 2)]:
        targets = rng.randint(0, 2, size=n)
        targets[:2] = [0, 1]
        p = np.round(np.clip(0.25 + 0.4 * targets + 0.25 * rng.normal(size=n), 0, 1), decimals)
        observed, predicted = calibration_curve(targets, p, n_bins=5, strategy="quantile")
        precision, recall, _ = precision_recall_curve(targets, p)
        cases.append({"name": name, "scores": p.tolist(), "targets": targets.tolist(),
                      "calibration": {"observed": observed.tolist(), "predicted": predicted.tolist()},
                      "precisionRecall": {"precision": precision.tolist(), "recall": recall.tolist(),
                                          "area": float(average_precision_score(targets, p))}})
    return cases


if __name__ == "__main__":
    golden = {
        "distributions": distributions(),
        "foldIntervals": fold_intervals(),
        "repetitions": repetitions(),
        "wilson": wilson(),
        "bootstraps": bootstraps(),
        "comparisons": comparisons(),
        "curves": curves(),
        "varianceParts": variance_parts(),
    }
    text = json.dumps(golden, separators=(",", ":"), allow_nan=False, default=float)
    (HERE / "statistics.json").write_text(text + "\n")
