// Word counts of documents between reading and counting: in memory, or in a scratch file where there are too many.
import type { ScratchFile } from './scratch-file.ts';

/** Which words, by the numbers they were given while reading, and how often each (255 at most). */
export interface Bag {
  readonly words: Uint32Array;
  readonly counts: Uint8Array;
}

const READ_BYTES = 1 << 20;
const NUMBER_BYTES = 4;

/** Bags are appended, then read in the same order. One after the other they are [number of words, words, counts, filler]. */
export class BagStore {
  readonly #file: ScratchFile | undefined;
  readonly #inMemory: Bag[] = [];

  /** @param file where the bags are kept; in memory when absent */
  constructor(file?: ScratchFile) {
    this.#file = file;
  }

  append(bag: Bag): Promise<void> | undefined {
    if (this.#file !== undefined) return this.#file.append(packed(bag));
    this.#inMemory.push(bag);
    return undefined;
  }

  /** @yields bags that are valid until the next is asked for */
  async *read(): AsyncGenerator<Bag, void, undefined> {
    const file = this.#file;
    if (file === undefined) {
      yield* this.#inMemory;
      return;
    }
    await file.flush();
    for (let position = 0; position < file.length; ) {
      const block = await readBlock(file, position, READ_BYTES);
      let at = 0;
      while (at + NUMBER_BYTES <= block.length) {
        const size = packedSize(new Uint32Array(block.buffer, at, 1)[0]!);
        if (at + size > block.length) break;
        yield unpacked(block, at);
        at += size;
      }
      // A document that is larger than a block is read on its own.
      if (at === 0) {
        at = packedSize(new Uint32Array(block.buffer, 0, 1)[0]!);
        yield unpacked(await readBlock(file, position, at), 0);
      }
      position += at;
    }
  }
}

async function readBlock(file: ScratchFile, position: number, size: number): Promise<Uint8Array> {
  const block = new Uint8Array(Math.min(size, file.length - position));
  for (let length = 0; length < block.length; ) {
    const { bytesRead } = await file.handle.read(block, length, block.length - length, position + length);
    if (bytesRead === 0) throw new RangeError(`Expected ${file.length} bytes in ${file.path} but they are not there.`);
    length += bytesRead;
  }
  return block;
}

/** Whole numbers of four bytes, so that the next bag is aligned. */
function packedSize(words: number): number {
  return NUMBER_BYTES * (1 + words + Math.ceil(words / NUMBER_BYTES));
}

function packed({ words, counts }: Bag): Uint8Array {
  const numbers = new Uint32Array(packedSize(words.length) / NUMBER_BYTES);
  numbers[0] = words.length;
  numbers.set(words, 1);
  const bytes = new Uint8Array(numbers.buffer);
  bytes.set(counts, NUMBER_BYTES * (1 + words.length));
  return bytes;
}

function unpacked(block: Uint8Array, at: number): Bag {
  const [count] = new Uint32Array(block.buffer, at, 1) as unknown as [number];
  const words = new Uint32Array(block.buffer, at + NUMBER_BYTES, count);
  return { words, counts: new Uint8Array(block.buffer, at + NUMBER_BYTES * (1 + count), count) };
}
