"""Reads an index without Sandglass, by docs/index-format.md alone, and ranks by it: with SQLite and NumPy.

    python scripts/read-index.py <index directory> <path of an indexed file, as the index has it> [ae|bow|phash] [hits]

Prints a JSON line a hit: path and score, best first.
"""

import json
import pathlib
import sqlite3
import sys

import numpy


def varints(blob):
    """Numbers of 7 bits a byte, low bits first; the high bit says that more bytes follow."""
    value = shift = 0
    for byte in blob:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0


def bag(blob):
    """Word number -> count: steps from one number to the next, and counts, in turn."""
    counts, word, numbers = {}, 0, varints(blob)
    for step in numbers:
        word += step
        counts[word] = next(numbers)
    return counts


def main(directory, path, method="ae", hits="10"):
    database = sqlite3.connect(f"file:{pathlib.Path(directory) / 'catalog.sqlite'}?mode=ro", uri=True)
    assert database.execute("PRAGMA application_id").fetchone()[0] == 0x53616E64
    database.execute("BEGIN")  # one state of the index, whatever others write meanwhile
    asked, kind = database.execute("SELECT id, kind FROM item WHERE path = ?", (path,)).fetchone()
    items = database.execute("SELECT id, path, tie FROM item WHERE kind = ? ORDER BY id", (kind,)).fetchall()
    if method == "bow":
        bags = {id: bag(blob) for id, blob in database.execute("SELECT item_id, terms FROM item_terms")}
        length = {id: sum(n * n for n in counts.values()) ** 0.5 for id, counts in bags.items()}
        question = bags[asked]
        scores = [
            sum(n * question[word] for word, n in bags[id].items() if word in question) / length[id] / length[asked]
            for id, _, _ in items
        ]
    else:
        encoder, form, dimensions = database.execute(
            "SELECT id, form, dimensions FROM encoder WHERE method = ? AND kind = ? AND state = 'active'", (method, kind)
        ).fetchone()
        rows = dict(database.execute("SELECT item_id, code FROM code WHERE encoder_id = ?", (encoder,)))
        blobs = b"".join(rows[id] for id, _, _ in items)
        at = [id for id, _, _ in items].index(asked)
        if form == "float32":
            codes = numpy.frombuffer(blobs, "<f4").reshape(len(items), dimensions)
            scores = codes @ codes[at]
        else:
            codes = numpy.unpackbits(numpy.frombuffer(blobs, "u1").reshape(len(items), -1), axis=1)
            scores = 1 - 2 * (codes != codes[at]).sum(axis=1) / dimensions
    ranked = sorted(zip(scores, items), key=lambda pair: (-float(pair[0]), pair[1][2], pair[1][0]))
    for score, (_, found, _) in ranked[: int(hits)]:
        print(json.dumps({"path": found, "score": float(score)}))


main(*sys.argv[1:])
