# faiss, exact search on one thread. Usage: faiss-scan.py <bits|floats> <file> <width> <k> <questions>
import json
import sys
import time

import faiss
import numpy as np

kind, file, width, k, questions = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
faiss.omp_set_num_threads(1)
rows = np.fromfile(file, dtype=np.uint8 if kind == "bits" else np.float32).reshape(-1, width)
index = faiss.IndexBinaryFlat(width * 8) if kind == "bits" else faiss.IndexFlatIP(width)
index.add(rows)
times, total = [], 0.0
for question in range(questions):
    began = time.perf_counter()
    scores, _ = index.search(rows[question : question + 1], k)
    times.append(time.perf_counter() - began)
    total += float(scores.sum())
times.sort()
print(json.dumps({"items": len(rows), "seconds": times[len(times) // 2], "least": times[0], "total": total}))
