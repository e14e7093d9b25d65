# Python imagehash: PHash of pictures, a line of hexadecimal each. Usage: imagehash-bits.py <file of paths> <file of hashes>
import sys

import imagehash
from PIL import Image

paths, hashes = sys.argv[1:3]
with open(paths, encoding="utf-8") as listed, open(hashes, "w", encoding="utf-8") as written:
    for path in listed.read().splitlines():
        with Image.open(path) as picture:
            written.write(f"{imagehash.phash(picture)}\n")
