// Compound files ("OLE"), in which old Microsoft programs keep their documents: streams by name.
// Source: [MS-CFB] Compound File Binary File Format.

/** Thrown when the structure is damaged. */
export class OleDamaged extends Error {
  override readonly name = 'OleDamaged';
}

const HEADER = 512;
const ENTRY = 128;
const LAST_SECTOR = 0xfffffffa;
const STREAM = 2;
const ROOT = 5;

interface Entry {
  readonly type: number;
  readonly start: number;
  readonly size: number;
}

export class OleFile {
  readonly #file: Buffer;
  readonly #sectorSize: number;
  readonly #fat: Uint32Array;
  readonly #miniFat: Uint32Array;
  readonly #miniSize: number;
  readonly #miniCutoff: number;
  readonly #mini: Buffer;
  readonly #entries = new Map<string, Entry>();

  /** @throws OleDamaged */
  constructor(bytes: Uint8Array) {
    this.#file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#file.length < HEADER) throw new OleDamaged('the file is cut short');
    const shift = this.#file.readUInt16LE(30);
    if (shift !== 9 && shift !== 12) throw new OleDamaged('its sectors have no known size');
    this.#sectorSize = 1 << shift;
    this.#miniSize = 1 << Math.min(12, this.#file.readUInt16LE(32));
    this.#miniCutoff = this.#file.readUInt32LE(56);
    this.#fat = this.#table();
    this.#miniFat = numbersOf(this.#chain(this.#file.readUInt32LE(60)));
    const root = this.#directory();
    this.#mini = root === undefined ? Buffer.alloc(0) : this.#chain(root.start);
  }

  /**
   * The content of the first stream of that name; undefined when there is none.
   *
   * @throws OleDamaged when it is cut short
   */
  stream(name: string): Buffer | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const content = entry.size < this.#miniCutoff ? this.#miniChain(entry.start) : this.#chain(entry.start);
    if (content.length < entry.size) throw new OleDamaged(`the stream ${name} is cut short`);
    return content.subarray(0, entry.size);
  }

  /** The table that says of each sector which one follows. */
  #table(): Uint32Array {
    const sectors: Buffer[] = [];
    const most = Math.ceil(this.#file.length / this.#sectorSize);
    const add = (list: Buffer) => {
      for (let at = 0; at + 4 <= list.length && sectors.length < most; at += 4) {
        const sector = this.#sector(list.readUInt32LE(at));
        if (sector !== undefined) sectors.push(sector);
      }
    };
    add(this.#file.subarray(76, HEADER));
    let next = this.#file.readUInt32LE(68);
    for (let seen = 0; next < LAST_SECTOR && seen < most; seen++) {
      const list = this.#sector(next);
      if (list === undefined) break;
      add(list.subarray(0, -4));
      next = list.readUInt32LE(list.length - 4);
    }
    return numbersOf(Buffer.concat(sectors));
  }

  /** Reads all names; returns the root, which holds the small streams. */
  #directory(): Entry | undefined {
    const directory = this.#chain(this.#file.readUInt32LE(48));
    let root: Entry | undefined;
    for (let at = 0; at + ENTRY <= directory.length; at += ENTRY) {
      const type = directory[at + 66] ?? 0;
      if (type !== STREAM && type !== ROOT) continue;
      const entry = { type, start: directory.readUInt32LE(at + 116), size: directory.readUInt32LE(at + 120) };
      if (type === ROOT) root ??= entry;
      const length = Math.min(64, directory.readUInt16LE(at + 64));
      const name = directory.toString('utf16le', at, at + Math.max(0, length - 2));
      // those of embedded documents come after the document's own
      if (!this.#entries.has(name)) this.#entries.set(name, entry);
    }
    if (root === undefined) throw new OleDamaged('it has no directory');
    return root;
  }

  /** The sector, or what there is of it at the end of the file. */
  #sector(index: number): Buffer | undefined {
    if (index >= LAST_SECTOR) return undefined;
    const start = (index + 1) * this.#sectorSize;
    if (start >= this.#file.length) return undefined;
    const sector = this.#file.subarray(start, start + this.#sectorSize);
    return sector.length < 4 ? undefined : sector;
  }

  #chain(first: number): Buffer {
    return follow(first, this.#fat, (index) => this.#sector(index));
  }

  #miniChain(first: number): Buffer {
    return follow(first, this.#miniFat, (index) => {
      const sector = this.#mini.subarray(index * this.#miniSize, (index + 1) * this.#miniSize);
      return sector.length === 0 ? undefined : sector;
    });
  }
}

/** Sectors put together as the table links them. */
function follow(first: number, table: Uint32Array, sector: (index: number) => Buffer | undefined): Buffer {
  const sectors: Buffer[] = [];
  const seen = new Set<number>();
  for (let index = first; index < LAST_SECTOR; index = table[index] ?? LAST_SECTOR) {
    if (seen.has(index)) throw new OleDamaged('its table of sectors goes in a circle');
    seen.add(index);
    const found = sector(index);
    if (found === undefined) break;
    sectors.push(found);
  }
  return Buffer.concat(sectors);
}

function numbersOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: bytes.length >>> 2 }, (_, index) => bytes.readUInt32LE(4 * index));
}
