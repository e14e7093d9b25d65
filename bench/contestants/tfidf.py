# scikit-learn: reads every file of a folder and fits TF-IDF on them. Usage: tfidf.py <folder>
import json
import os
import sys
import time

from sklearn.feature_extraction.text import TfidfVectorizer

began, cpu = time.perf_counter(), time.process_time()
texts = []
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), encoding="latin-1") as file:
            texts.append(file.read())
matrix = TfidfVectorizer().fit_transform(texts)
seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
print(json.dumps({"items": matrix.shape[0], "seconds": seconds, "cpuSeconds": cpu_seconds}))
