"""The benchmark's reference: fuse-med-ml's pipeline on two slots of one thread. python mnist_pipeline_reference.py FOLDS REPETITIONS FOLDER"""

import json
import os
import sys

import pandas as pd
import torch
from fuse.dl.cross_validation.pipeline import run
from mnist_pipeline_functions import both_parts, evaluate, score, train

PREDICTED, TARGET = "model.output.classification", "data.label"


class Part:
    """What fuse-med-ml hands from dataset_func to the others: some rows of the digits."""

    def __init__(self, data, rows):
        self.data, self.rows = data, rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]

    @property
    def shape(self):
        return (len(self.rows),)


def dataset_func(train_val_sample_ids=None, paths=None, params=None):
    torch.set_num_threads(1)
    development, test = both_parts()
    if train_val_sample_ids is None:
        return Part(development, range(len(development.y))), Part(test, range(len(test.y)))
    return tuple(Part(development, rows) for rows in train_val_sample_ids)


def train_func(train_dataset, validation_dataset, paths, train_params):
    model, curves = train(train_dataset.data, train_dataset.rows, validation_dataset.rows)
    os.makedirs(paths["model_dir"], exist_ok=True)
    torch.save(model, os.path.join(paths["model_dir"], "model.pt"))
    write(paths["model_dir"], "curves.json", curves)


def infer_func(dataset, paths, infer_params):
    model = torch.load(os.path.join(paths["model_dir"], "model.pt"), weights_only=False)
    rows = list(dataset.rows)
    columns = {"id": rows, PREDICTED: list(score(model, dataset.data, rows).numpy()), TARGET: dataset.data.y[rows].numpy()}
    os.makedirs(paths["inference_dir"], exist_ok=True)
    pd.DataFrame(columns).to_pickle(os.path.join(paths["inference_dir"], "infer.gz"), compression="gzip")


def eval_func(paths, eval_params):
    table = pd.read_pickle(os.path.join(paths["inference_dir"], "infer.gz"), compression="gzip")
    write(paths["eval_dir"], "results.json", evaluate(table[PREDICTED].tolist(), table[TARGET].to_numpy()))


def write(folder, name, value):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w") as file:
        json.dump(value, file)


def accuracy(folder, repetition, member):
    with open(os.path.join(folder, "eval_dir", "test", f"rep_{repetition}", str(member), "results.json")) as file:
        return json.load(file)["accuracy"]


if __name__ == "__main__":
    folds, repetitions, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    run(
        num_folds=folds,
        num_folds_used=folds,
        num_gpus_total=2,
        num_gpus_per_split=1,
        num_repetitions=repetitions,
        dataset_func=dataset_func,
        train_func=train_func,
        infer_func=infer_func,
        eval_func=eval_func,
        dataset_params={"target_key": TARGET},
        train_params={},
        infer_params={"pred_key": PREDICTED},
        eval_params={},
        paths={name: os.path.join(folder, name) for name in ("model_dir", "cache_dir", "inference_dir", "eval_dir")},
    )
    print(
        json.dumps(
            {
                "folds": [accuracy(folder, r, k) for r in range(repetitions) for k in range(folds)],
                "ensembles": [accuracy(folder, r, "ensemble") for r in range(repetitions)],
            }
        )
    )
