# Python imagehash: opens every picture of a folder and computes its PHash, in one process. Usage: phash.py <folder>
import json
import os
import sys
import time

import imagehash
from PIL import Image

began, cpu = time.perf_counter(), time.process_time()
items = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        imagehash.phash(Image.open(os.path.join(folder, name)))
        items += 1
seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
print(json.dumps({"items": items, "seconds": seconds, "cpuSeconds": cpu_seconds}))
