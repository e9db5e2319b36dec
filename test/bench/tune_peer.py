"""The Ray Tune side of the benchmark `engines`: trials that do nothing, on a cluster that is there.

Prints one line of JSON: milliseconds per trial, with a new actor for each and with actors that are used again.
"""

import json
import sys
import tempfile
import time

import ray
from ray import tune

address, trials = sys.argv[1], int(sys.argv[2])
ray.init(address=address, log_to_driver=False, logging_level="error")


class Nothing(tune.Trainable):
    def setup(self, config):
        pass

    def reset_config(self, config):
        return True

    def step(self):
        return {"score": 0.0, "done": True}

    def save_checkpoint(self, folder):
        return None


def measure(reuse):
    tuner = tune.Tuner(
        tune.with_resources(Nothing, {"cpu": 1, "gpu": 1}),
        tune_config=tune.TuneConfig(num_samples=trials, max_concurrent_trials=1, reuse_actors=reuse),
        run_config=tune.RunConfig(storage_path=tempfile.mkdtemp(), verbose=0),
    )
    start = time.perf_counter()
    results = tuner.fit()
    assert len(results) == trials and not results.errors
    return round((time.perf_counter() - start) * 1000 / trials, 1)


measure(True)
print(json.dumps({"ray": ray.__version__, "msPerTrial": measure(False), "msPerTrialReused": measure(True)}))
