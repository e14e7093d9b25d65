# hnswlib by itself: builds a graph over codes in a file of 32-bit floats, asks it, prints JSON.
import json, sys, time
import hnswlib, numpy
file, dimensions, questions, m, ef_construction, efs = sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6]
codes = numpy.fromfile(file, dtype=numpy.float32).reshape(-1, dimensions)
asked, codes = codes[:questions], codes[questions:]
graph = hnswlib.Index(space='ip', dim=dimensions)
graph.init_index(max_elements=len(codes), M=m, ef_construction=ef_construction, random_seed=100)
graph.set_num_threads(1)
start = time.perf_counter()
graph.add_items(codes, num_threads=1)
built = time.perf_counter() - start
exact = numpy.argsort(-(asked @ codes.T), axis=1)[:, :10]
found = []
for ef in map(int, efs.split(',')):
    graph.set_ef(ef)
    start = time.perf_counter()
    rows = [graph.knn_query(question, k=10, num_threads=1)[0][0] for question in asked]
    took = (time.perf_counter() - start) / questions
    recall = numpy.mean([len(set(a) & set(b)) / 10 for a, b in zip(rows, exact)])
    found.append({'ef': ef, 'ms': 1000 * took, 'recall': float(recall)})
print(json.dumps({'built': built, 'found': found}))
