# PyTorch on the card: torch-train.py, with every tensor made there and a clock that waits for it.
# Usage: as torch-train.py
import runpy
import time
from pathlib import Path

import torch

torch.set_default_device("cuda")
# ONNX Runtime's CUDA provider multiplies in TF32 too.
torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True

from_memory, clock = torch.from_numpy, time.perf_counter


def waiting_clock():
    torch.cuda.synchronize()
    return clock()


torch.from_numpy = lambda array: from_memory(array).to("cuda")
time.perf_counter = waiting_clock
runpy.run_path(str(Path(__file__).with_name("torch-train.py")), run_name="__main__")
