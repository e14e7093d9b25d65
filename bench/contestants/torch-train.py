# PyTorch, training a network of train-networks.ts on the processor.
# Usage: torch-train.py <folder of the case> <steps> <steps to warm up> eager|fused|loader
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

folder, steps, warm_up, mode = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
described = json.loads((folder / "case.json").read_text())
network, batch, scale = described["network"], described["batch"], described["scale"]
torch.set_num_threads(2)


class Dense(nn.Module):
    def __init__(self, widths, sigmoid):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.sigmoid = sigmoid

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i not in (len(self.layers) // 2 - 1, len(self.layers) - 1):
                x = F.relu(x)
        return torch.sigmoid(x) if self.sigmoid else x


class Convolutional(nn.Module):
    def __init__(self, channels, side):
        super().__init__()
        self.quarter = side // 4
        flat = 32 * self.quarter**2
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(channels, 16, 3, padding=1),
                nn.Conv2d(16, 32, 3, padding=1),
                nn.Linear(flat, 64),
                nn.Linear(64, flat),
                nn.ConvTranspose2d(32, 16, 2, stride=2),
                nn.ConvTranspose2d(16, channels, 2, stride=2),
            ]
        )

    def forward(self, x):
        conv1, conv2, code, spread, up1, up2 = self.layers
        x = F.relu(F.max_pool2d(conv1(x), 2))
        x = F.relu(F.max_pool2d(conv2(x), 2))
        x = F.relu(spread(code(x.flatten(1)))).view(-1, 32, self.quarter, self.quarter)
        return torch.sigmoid(up2(F.relu(up1(x))))


if network["kind"] == "dense":
    model, row = Dense(network["widths"], network["sigmoid"]), [network["widths"][0]]
else:
    model, row = Convolutional(network["channels"], network["side"]), [network["channels"], network["side"], network["side"]]
weights, at = torch.from_numpy(np.fromfile(folder / "weights.bin", np.float32)), 0
with torch.no_grad():
    for layer in model.layers:
        for parameter in (layer.weight, layer.bias):
            values = weights[at : at + parameter.numel()]
            if isinstance(layer, nn.Linear) and parameter.dim() == 2:
                parameter.copy_(values.reshape(parameter.shape[1], parameter.shape[0]).T)
            else:
                parameter.copy_(values.reshape(parameter.shape))
            at += parameter.numel()
assert at == len(weights)

data = torch.from_numpy(np.fromfile(folder / "data.bin", np.uint8).reshape(-1, *row))
order = torch.from_numpy(np.fromfile(folder / "order.bin", np.int64)).reshape(-1, batch)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=mode == "fused")


class Rows(torch.utils.data.Dataset):
    """The data set of the usual script: a row at a time, made into floats."""

    def __len__(self):
        return len(data)

    def __getitem__(self, i):
        return data[i].to(torch.float32) * scale


def from_memory():
    step = 0
    while True:
        x = data[order[step % len(order)]].float()
        yield x if scale == 1 else x.mul_(scale)
        step += 1


def from_loader():
    while True:
        yield from torch.utils.data.DataLoader(Rows(), batch_size=batch, shuffle=True, drop_last=True)


losses = []
batches = from_loader() if mode == "loader" else from_memory()
for step, x in zip(range(steps + warm_up), batches):
    if step == warm_up:
        began, cpu = time.perf_counter(), time.process_time()
    optimizer.zero_grad(set_to_none=True)
    loss = F.mse_loss(model(x), x)
    loss.backward()
    optimizer.step()
    # The usual script asks for each loss; the other keeps them.
    losses.append(loss.item() if mode == "loader" else loss.detach())
figures = {"items": steps, "seconds": time.perf_counter() - began, "cpuSeconds": time.process_time() - cpu}
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({**figures, "peakMegabytes": int(peak) / 1024, "losses": [float(losses[0]), float(losses[-1])]}))
