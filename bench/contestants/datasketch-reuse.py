# Plain MinHash and containment by LSH Ensemble, both of datasketch. Usage: datasketch-reuse.py <folder>
#
# <folder>/texts.json: {"items": [[word, ...], ...], "questions": [[word, ...], ...]}. Writes answers.json: for each question the
# rows with their estimated resemblance ("minhash") and the rows of the ensemble ("ensemble").
import json
import sys
import time
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSHEnsemble

PERMUTATIONS = 128
SHINGLE = 5
CONTAINMENT = 0.05

folder = Path(sys.argv[1])
texts = json.loads((folder / "texts.json").read_text())


def shingles(words):
    return {" ".join(words[i : i + SHINGLE]).encode() for i in range(max(1, len(words) - SHINGLE + 1))}


def sketches(documents):
    sets = [shingles(words) for words in documents]
    return MinHash.bulk(sets, num_perm=PERMUTATIONS), [len(each) for each in sets]


started = time.perf_counter()
items, sizes = sketches(texts["items"])
ensemble = MinHashLSHEnsemble(threshold=CONTAINMENT, num_perm=PERMUTATIONS, num_part=16)
ensemble.index((row, sketch, size) for row, (sketch, size) in enumerate(zip(items, sizes)))
built = time.perf_counter()
questions, question_sizes = sketches(texts["questions"])
table = np.stack([sketch.hashvalues for sketch in items])
resemblances = []
for sketch in questions:
    equal = (table == sketch.hashvalues).sum(axis=1)
    resemblances.append([[int(row), int(equal[row]) / PERMUTATIONS] for row in np.flatnonzero(equal)])
ensembles = [list(ensemble.query(sketch, size)) for sketch, size in zip(questions, question_sizes)]
asked = time.perf_counter()
(folder / "answers.json").write_text(json.dumps({"minhash": resemblances, "ensemble": ensembles}))
print(json.dumps({"seconds": asked - started, "buildSeconds": built - started, "items": len(items)}))
