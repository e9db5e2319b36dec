"""One training of the benchmark mnist-step: python mnist_step_peer.py keras|torch DATA LIMIT SEED"""

import json
import os
import sys
import time

import numpy as np

side, folder, limit, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
EPOCHS, BATCH = 2, 128


def digits(part, count):
    images = np.fromfile(os.path.join(folder, f"{part}-images-idx3-ubyte"), np.uint8)[16 : 16 + count * 784]
    labels = np.fromfile(os.path.join(folder, f"{part}-labels-idx1-ubyte"), np.uint8)[8 : 8 + count]
    return images, labels


def with_keras():
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    x, y = digits("train", limit)
    xt, yt = digits("t10k", 10_000)
    started = time.perf_counter()
    x = x.reshape(-1, 28, 28, 1).astype(np.float32) / 255
    model.fit(x, y.astype(np.int32), epochs=EPOCHS, batch_size=BATCH, shuffle=True, verbose=0)
    seconds = time.perf_counter() - started
    scores = model.predict(xt.reshape(-1, 28, 28, 1).astype(np.float32) / 255, batch_size=500, verbose=0)
    return seconds, float((scores.argmax(1) == yt).mean()), f"Keras {keras.__version__}, TensorFlow {tf.__version__}"


def with_torch():
    import torch
    from torch import nn

    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(800, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    )
    for module in model:
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, eps=1e-7)
    loss_of = nn.CrossEntropyLoss()
    x, y = digits("train", limit)
    xt, yt = digits("t10k", 10_000)
    started = time.perf_counter()
    x = torch.from_numpy(x).reshape(-1, 1, 28, 28).float() / 255
    y = torch.from_numpy(y).long()
    for _ in range(EPOCHS):
        order = torch.randperm(len(x))
        right = torch.zeros((), dtype=torch.long)
        total = torch.zeros(())
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            targets = y[rows]
            outputs = model(x[rows])
            loss = loss_of(outputs, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            right += (outputs.detach().argmax(1) == targets).sum()
            total += loss.detach() * len(rows)
        (right.item() / len(x), total.item() / len(x))
    seconds = time.perf_counter() - started
    with torch.no_grad():
        scores = torch.cat([model(part) for part in (torch.from_numpy(xt).reshape(-1, 1, 28, 28).float() / 255).split(500)])
    return seconds, float((scores.argmax(1).numpy() == yt).mean()), f"PyTorch {torch.__version__}"


seconds, accuracy, version = {"keras": with_keras, "torch": with_torch}[side]()
print(
    json.dumps(
        {
            "epochSeconds": seconds / EPOCHS,
            "accuracy": accuracy,
            "version": version,
        }
    )
)
