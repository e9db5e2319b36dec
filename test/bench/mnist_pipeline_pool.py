"""The benchmark's lower bound in PyTorch: a pool of two processes of one thread, kept warm, the data in memory, nothing written.

python mnist_pipeline_pool.py FOLDS REPETITIONS. `wall` and `cpu` begin when the pool has imported PyTorch and read the data.
"""

import json
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from mnist_pipeline_functions import both_parts, evaluate, score, train
from sklearn.model_selection import KFold

SLOTS = 2


def start(barrier):
    global parts, everybody
    torch.set_num_threads(1)
    parts, everybody = both_parts(), barrier


def clock(_):
    """CPU seconds of one worker; each worker answers once."""
    everybody.wait()
    return time.process_time()


def unit(rep, rows, validation):
    """One fold of one repetition: both scores, and the probabilities of the test rows."""
    torch.manual_seed(rep)
    development, test = parts
    model, _ = train(development, rows, validation)
    own = evaluate(score(model, development, validation), development.y[validation])
    scores = score(model, test, range(len(test.y))).numpy()
    return own, evaluate(scores, test.y), scores


def main(folds, repetitions):
    development, test = both_parts()
    context = multiprocessing.get_context("spawn")
    splits = list(KFold(folds, shuffle=True, random_state=1234).split(development.y))
    with ProcessPoolExecutor(SLOTS, context, start, (context.Barrier(SLOTS),)) as pool:
        before = sum(pool.map(clock, range(SLOTS))) + time.process_time()
        began = time.perf_counter()
        units = [pool.submit(unit, rep, *rows) for rep in range(repetitions) for rows in splits]
        results = [one.result() for one in units]
        ensembles = []
        for rep in range(repetitions):
            members = [scores for _, _, scores in results[rep * folds : (rep + 1) * folds]]
            ensembles.append(evaluate(np.mean(members, axis=0), test.y)["accuracy"])
        wall = time.perf_counter() - began
        cpu = sum(pool.map(clock, range(SLOTS))) + time.process_time() - before
    return {
        "wall": wall,
        "cpu": cpu,
        "folds": [scored["accuracy"] for _, scored, _ in results],
        "ensembles": ensembles,
        "version": torch.__version__,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
