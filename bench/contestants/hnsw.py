# hnswlib by itself: builds a graph over codes in a file of 32-bit floats, asks it, prints JSON.
# Usage: hnsw.py <folder of codes> <dimensions> <M> <efConstruction> <candidates, ...>
import json, re, sys, time
import hnswlib, numpy
folder, dimensions, m, ef_construction, efs = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
codes, asked = (numpy.fromfile(f'{folder}/{name}', dtype=numpy.float32).reshape(-1, dimensions) for name in ('codes', 'asked'))
nearest = numpy.fromfile(f'{folder}/nearest', dtype=numpy.int32).reshape(len(asked), -1)

def resident():
    try:
        return int(re.search(r'VmRSS:\s*(\d+)', open('/proc/self/status').read()).group(1)) / 1024
    except OSError:
        return float('nan')

before = resident()
graph = hnswlib.Index(space='ip', dim=dimensions)
graph.init_index(max_elements=len(codes), M=m, ef_construction=ef_construction, random_seed=100)
graph.set_num_threads(1)
start = time.perf_counter()
graph.add_items(codes, num_threads=1)
built = time.perf_counter() - start
megabytes = resident() - before
found = []
for ef in map(int, efs.split(',')):
    graph.set_ef(ef)
    rounds = []
    for _ in range(3):
        start = time.perf_counter()
        rows = [graph.knn_query(question, k=10, num_threads=1)[0][0] for question in asked]
        rounds.append((time.perf_counter() - start) / len(asked))
    recall = numpy.mean([len(set(a) & set(b)) / 10 for a, b in zip(rows, nearest)])
    found.append({'ef': ef, 'ms': 1000 * min(rounds), 'recall': float(recall)})
print(json.dumps({'built': built, 'megabytes': megabytes, 'found': found}))
