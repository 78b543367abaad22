"""One PyTorch training step at a time, on request: reads lines "MODEL OPTIMIZER COUNT", answers the milliseconds of each step."""
import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(2)
torch.manual_seed(0)
BATCH = 128


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10)), torch.randn(BATCH, 784)


def cnn():
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 10),
    )
    return model, torch.randn(BATCH, 1, 28, 28)


MODELS = {"mlp": mlp, "cnn": cnn}
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.01),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001),
}
steps = {}


def make(kind, optimizer_name):
    model, x = MODELS[kind]()
    y = torch.randint(0, 10, (BATCH,))
    optimizer = OPTIMIZERS[optimizer_name](model.parameters())
    loss_of = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


print(json.dumps({"name": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    kind, optimizer_name, count = line.split()
    key = (kind, optimizer_name)
    if key not in steps:
        steps[key] = make(*key)
        for _ in range(10):
            steps[key]()
    times = []
    for _ in range(int(count)):
        start = time.perf_counter()
        steps[key]()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
