// Word counts as numbers: of one document, and of many, row after row (compressed sparse rows).

/** One document: which words of a vocabulary, and how often each. */
export interface TermCounts {
  /** Places in the vocabulary, ascending. */
  readonly indices: Uint32Array;
  /** As long as `indices`. */
  readonly counts: Uint16Array;
}

/** Counts are 16 bits. */
const COUNT_RANGE = 65_536;

/** The entries of one document by ascending place; those without a place are left out. */
export function sortedCounts(
  entries: number,
  entryAt: (i: number) => { readonly place: number | undefined; readonly count: number },
): TermCounts {
  // place and count in one number, so that one sort keeps them together
  const pairs = new Float64Array(entries);
  let known = 0;
  for (let i = 0; i < entries; i++) {
    const { place, count } = entryAt(i);
    if (place !== undefined) pairs[known++] = place * COUNT_RANGE + count;
  }
  const sorted = pairs.subarray(0, known).sort();
  const indices = new Uint32Array(known);
  const counts = new Uint16Array(known);
  for (let i = 0; i < known; i++) {
    indices[i] = Math.floor(sorted[i]! / COUNT_RANGE);
    counts[i] = sorted[i]! % COUNT_RANGE;
  }
  return { indices, counts };
}

/** The counts of many documents. Row `r` has the entries `offsets[r]` to `offsets[r + 1]`. Six bytes an entry. */
export interface CountMatrix {
  readonly rows: number;
  /** The size of the vocabulary. */
  readonly columns: number;
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  readonly counts: Uint16Array;
}

/** Gathers documents into a {@link CountMatrix}. */
export function countMatrix(documents: Iterable<TermCounts>, columns: number): CountMatrix {
  const offsets: number[] = [0];
  let indices = new Uint32Array(1 << 12);
  let counts = new Uint16Array(1 << 12);
  let entries = 0;
  for (const document of documents) {
    const needed = entries + document.indices.length;
    if (needed > indices.length) {
      indices = enlarged(indices, new Uint32Array(Math.max(needed, indices.length * 2)));
      counts = enlarged(counts, new Uint16Array(indices.length));
    }
    indices.set(document.indices, entries);
    counts.set(document.counts, entries);
    entries = needed;
    offsets.push(entries);
  }
  return {
    rows: offsets.length - 1,
    columns,
    offsets: Uint32Array.from(offsets),
    indices: indices.slice(0, entries),
    counts: counts.slice(0, entries),
  };
}

function enlarged<A extends Uint32Array | Uint16Array>(old: A, larger: A): A {
  larger.set(old);
  return larger;
}
