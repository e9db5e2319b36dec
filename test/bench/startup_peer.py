"""One batch of the benchmark startup in a fresh process: python startup_peer.py keras|torch DATA. Prints when it was done."""

import json
import os
import sys
import time

import numpy as np

side, folder = sys.argv[1], sys.argv[2]
BATCH = 128
x = np.fromfile(os.path.join(folder, "train-images-idx3-ubyte"), np.uint8)[16:].reshape(-1, 28, 28, 1)
y = np.fromfile(os.path.join(folder, "train-labels-idx1-ubyte"), np.uint8)[8:]


def with_keras():
    import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model.train_on_batch(x[:BATCH].astype(np.float32) / 255, y[:BATCH].astype(np.int32))


def with_torch():
    import torch
    from torch import nn

    model = nn.Sequential(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16 * 13 * 13, 10))
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    images = torch.from_numpy(x[:BATCH].reshape(-1, 1, 28, 28)).float() / 255
    loss = nn.functional.cross_entropy(model(images), torch.from_numpy(y[:BATCH]).long())
    loss.backward()
    optimizer.step()
    return loss.item()


loss = float({"keras": with_keras, "torch": with_torch}[side]())
print(json.dumps({"firstBatchAt": time.time() * 1000, "loss": loss}))
