"""The MNIST example in PyTorch: data set, network, training and scoring.

Batches are taken from tensors in memory by their row numbers, the fastest way; with BENCH_LOADER by PyTorch's DataLoader, the usual one.
"""

import os
from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Subset, TensorDataset

DATA = os.environ["BENCH_DATA"]
LIMIT = int(os.environ["BENCH_LIMIT"])
EPOCHS = int(os.environ["BENCH_EPOCHS"])
LOADER = os.environ.get("BENCH_LOADER") == "1"
BATCH, RATE, SCORE_BATCH = 64, 0.05, 500


def digits(part, count):
    """Images from 0 to 1 and labels of the first `count` digits, converted once."""
    images = np.fromfile(os.path.join(DATA, f"{part}-images-idx3-ubyte"), np.uint8)[16 : 16 + count * 784]
    labels = np.fromfile(os.path.join(DATA, f"{part}-labels-idx1-ubyte"), np.uint8)[8 : 8 + count]
    x = torch.from_numpy(images).reshape(-1, 1, 28, 28).float() / 255
    return SimpleNamespace(x=x, y=torch.from_numpy(labels).long())


def both_parts():
    return digits("train", LIMIT), digits("t10k", min(LIMIT, 10_000))


def network():
    """Two small convolutions, dropout and one dense layer: 5,386 weights."""
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.2),
        nn.Linear(400, 10),
    )
    for module in model:
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
            nn.init.zeros_(module.bias)
    return model


def batches(data, rows, size, shuffle=False):
    """Images and labels of these rows, some at a time."""
    if LOADER:
        yield from DataLoader(Subset(TensorDataset(data.x, data.y), rows), size, shuffle=shuffle)
        return
    rows = torch.as_tensor(rows)
    for chosen in (rows[torch.randperm(len(rows))] if shuffle else rows).split(size):
        yield data.x[chosen], data.y[chosen]


def train(data, rows, validation):
    """Momentum, with loss and accuracy of every batch, and of the validation rows after every epoch."""
    model = network()
    optimizer = torch.optim.SGD(model.parameters(), RATE, momentum=0.9)
    curves = []
    for _ in range(EPOCHS):
        model.train()
        total, right = torch.zeros(()), torch.zeros((), dtype=torch.long)
        for images, targets in batches(data, rows, BATCH, shuffle=True):
            outputs = model(images)
            loss = F.cross_entropy(outputs, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(targets)
            right += (outputs.detach().argmax(1) == targets).sum()
        scores, targets = score(model, data, validation), data.y[validation]
        curves.append(
            (
                total.item() / len(rows),
                right.item() / len(rows),
                F.nll_loss(scores.log(), targets).item(),
                (scores.argmax(1) == targets).float().mean().item(),
            )
        )
    return model, curves


@torch.no_grad()
def score(model, data, rows):
    """Probabilities, [rows, 10]."""
    model.eval()
    return torch.cat([model(images).softmax(1) for images, _ in batches(data, rows, SCORE_BATCH)])


def evaluate(scores, targets):
    """What the example's evalFunc computes: accuracy, log loss, confusion."""
    scores, targets = np.asarray(scores), np.asarray(targets)
    predicted = scores.argmax(1)
    own = np.clip(scores[np.arange(len(targets)), targets], 1e-15, 1)
    confusion = np.bincount(targets * 10 + predicted, minlength=100).reshape(10, 10)
    return {
        "accuracy": float((predicted == targets).mean()),
        "logLoss": float(-np.log(own).mean()),
        "confusion": confusion.tolist(),
    }
