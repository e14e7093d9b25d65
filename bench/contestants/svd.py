# scikit-learn: the truncated decomposition of a sparse matrix. Usage: svd.py <folder> <rows> <columns> <size>
import json
import sys
import time

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD

folder, rows, columns, size = sys.argv[1], *map(int, sys.argv[2:5])
read = lambda name, kind: np.fromfile(f"{folder}/{name}", dtype=kind)
parts = read("values", np.float32), read("indices", np.int32), read("indptr", np.int32)
matrix = csr_matrix(parts, shape=(rows, columns))
began, cpu = time.perf_counter(), time.process_time()
svd = TruncatedSVD(size, random_state=0).fit(matrix)
seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
values = svd.singular_values_.tolist()
print(json.dumps({"items": rows, "seconds": seconds, "cpuSeconds": cpu_seconds, "values": values}))
