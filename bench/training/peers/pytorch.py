"""PyTorch training steps, on request: reads lines "MODEL OPTIMIZER BATCH MILLISECONDS", answers the milliseconds of each step.

With the argument `loop` a step is one of the usual loop over shuffled samples in memory, and the answer is its mean over epochs."""
import json
import sys
import time

import torch
from torch import nn

torch.set_num_threads(2)
torch.manual_seed(0)
STEPS, FEATURES, UNITS = 50, 32, 128
TOKENS, WIDTH, HEADS, HIDDEN, BLOCKS = 64, 128, 4, 512, 2


class LastOfLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(FEATURES, UNITS, batch_first=True)
        self.out = nn.Linear(UNITS, 10)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        block = nn.TransformerEncoderLayer(WIDTH, HEADS, HIDDEN, dropout=0.0, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(block, BLOCKS, norm=nn.LayerNorm(WIDTH), enable_nested_tensor=False)
        self.out = nn.Linear(WIDTH, 10)

    def forward(self, x):
        return self.out(self.encoder(x).mean(1))


MODELS = {
    "mlp": lambda: (nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10)), (784,)),
    "cnn": lambda: (
        nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1600, 10),
        ),
        (1, 28, 28),
    ),
    "lstm": lambda: (LastOfLSTM(), (STEPS, FEATURES)),
    "transformer": lambda: (Transformer(), (TOKENS, WIDTH)),
}
OPTIMIZERS = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.01),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001),
}
steps = {}


def make(kind, optimizer_name, samples):
    model, shape = MODELS[kind]()
    optimizer = OPTIMIZERS[optimizer_name](model.parameters())
    loss_of = nn.CrossEntropyLoss()

    def step(x, y):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, torch.randn(samples, *shape), torch.randint(0, 10, (samples,))


def step_turn(kind, optimizer_name, batch):
    step, x, y = make(kind, optimizer_name, batch)
    for _ in range(3):
        step(x, y)

    def turn(milliseconds):
        times = []
        end = time.perf_counter() + milliseconds / 1000
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            step(x, y)
            times.append((time.perf_counter() - start) * 1000)
        return times

    return turn


def loop_turn(kind, optimizer_name, batch):
    count = {"mlp": 50, "cnn": 15}.get(kind, 10)
    step, x, y = make(kind, optimizer_name, batch * count)

    def turn(milliseconds):
        epochs = 0
        start = time.perf_counter()
        while epochs == 0 or time.perf_counter() < start + milliseconds / 1000:
            for places in torch.randperm(len(x)).split(batch):
                step(x[places], y[places])
            epochs += 1
        return [(time.perf_counter() - start) * 1000 / (epochs * count)]

    return turn


LOOP = sys.argv[1:] == ["loop"]
print(json.dumps({"name": f"PyTorch {torch.__version__}{', plain loop' if LOOP else ''}"}), flush=True)
for line in sys.stdin:
    kind, optimizer_name, batch, milliseconds = line.split()
    key = (kind, optimizer_name, int(batch))
    if key not in steps:
        steps.clear()
        steps[key] = (loop_turn if LOOP else step_turn)(*key)
    print(json.dumps(steps[key](int(milliseconds))), flush=True)
