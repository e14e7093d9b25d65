// A hash table from words to numbers that is asked with a piece of a text's code units. Tokenizing spends its time here:
// cutting out each word as a string and asking a Map takes several times as long.

const EMPTY = -1;
const FIRST_CAPACITY = 1 << 14;

/** Numbers words 0, 1, 2, … in the order they are added. */
export class WordTable {
  /** For each slot the hash and the number of its word, side by side so that one look into memory gets both. */
  #slots: Int32Array;
  /** Where each word begins in `#characters`; one more than there are words. */
  #starts: Uint32Array;
  #characters: Uint16Array;
  #size = 0;

  /** @param capacity a power of two; grows when half of it is taken */
  constructor(capacity: number = FIRST_CAPACITY) {
    this.#slots = new Int32Array(2 * capacity).fill(EMPTY);
    this.#starts = new Uint32Array(capacity);
    this.#characters = new Uint16Array(capacity * 8);
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the word `codes[start, end)`; -1 when it is not known. */
  find(codes: Uint16Array, start: number, end: number): number {
    const hash = hashOf(codes, start, end);
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = slots[2 * slot + 1]!;
      if (id === EMPTY || (slots[2 * slot] === hash && this.#equals(id, codes, start, end))) return id;
    }
  }

  /** The number of the word `codes[start, end)`; when it was not known before, that is the old `size`. */
  add(codes: Uint16Array, start: number, end: number): number {
    const hash = hashOf(codes, start, end);
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    let slot = hash & mask;
    for (let id = slots[2 * slot + 1]!; id !== EMPTY; id = slots[2 * slot + 1]!) {
      if (slots[2 * slot] === hash && this.#equals(id, codes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.#size++;
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = id;
    this.#store(id, codes, start, end);
    if (this.#size * 2 > mask) this.#grow();
    return id;
  }

  #equals(id: number, codes: Uint16Array, start: number, end: number): boolean {
    const from = this.#starts[id]!;
    if (this.#starts[id + 1]! - from !== end - start) return false;
    const characters = this.#characters;
    for (let i = start, j = from; i < end; i++, j++) if (codes[i] !== characters[j]) return false;
    return true;
  }

  #store(id: number, codes: Uint16Array, start: number, end: number): void {
    const from = this.#starts[id]!;
    const to = from + end - start;
    if (to > this.#characters.length) {
      const larger = new Uint16Array(2 * to);
      larger.set(this.#characters);
      this.#characters = larger;
    }
    this.#characters.set(codes.subarray(start, end), from);
    this.#starts[id + 1] = to;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2).fill(EMPTY);
    const mask = slots.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === EMPTY) continue;
      let slot = old[i]! & mask;
      while (slots[2 * slot + 1] !== EMPTY) slot = (slot + 1) & mask;
      slots[2 * slot] = old[i]!;
      slots[2 * slot + 1] = old[i + 1]!;
    }
    this.#slots = slots;
    const starts = new Uint32Array(mask + 1);
    starts.set(this.#starts);
    this.#starts = starts;
  }
}

/** FNV-1a over UTF-16 code units, its high bits folded into the low ones that choose the slot. */
function hashOf(codes: Uint16Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ codes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}
