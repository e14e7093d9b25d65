// Old Word documents made by hand: a compound file with the three streams that matter.
const SECTOR = 512;
/** Smaller streams are kept elsewhere; these are filled up to be large. */
const LARGE = 4_096;
const END = 0xfffffffe;

export interface DocParts {
  /** The body, with the marks of paragraphs, cells and fields as characters. */
  readonly main: string;
  readonly footnotes?: string;
  readonly heads?: string;
  /** Two bytes a character. @default true */
  readonly wide?: boolean;
  /** Characters of the body that are deleted: from, to. */
  readonly deleted?: readonly [from: number, to: number];
  /** Bits of the flags, beyond the one for the second table. */
  readonly flags?: number;
  readonly summary?: Buffer;
}

const TEXT = 2_048;

/** The bytes of a Word 97 document. */
export function makeDoc({
  main,
  footnotes = '',
  heads = '',
  wide = true,
  deleted,
  flags = 0,
  summary,
}: DocParts): Buffer {
  const all = main + footnotes + heads;
  const bytes = Buffer.from(all, wide ? 'utf16le' : 'latin1');
  const width = wide ? 2 : 1;
  const word = Buffer.alloc(Math.max(LARGE, TEXT + bytes.length + 512));
  word.writeUInt16LE(0xa5ec, 0);
  word.writeUInt16LE(0xc1, 2);
  word.writeUInt16LE(0x0200 | flags, 10);
  for (const [index, part] of [main, footnotes, heads].entries()) word.writeInt32LE(part.length, 0x4c + 4 * index);
  bytes.copy(word, TEXT);

  const pieces = Buffer.alloc(5 + 8 + 8);
  pieces[0] = 2;
  pieces.writeUInt32LE(16, 1);
  pieces.writeUInt32LE(all.length, 9);
  pieces.writeUInt32LE(wide ? TEXT : (TEXT * 2) | 0x40000000, 15);
  const table = Buffer.alloc(LARGE);
  pieces.copy(table, 0);
  word.writeUInt32LE(0, 0x1a2);
  word.writeUInt32LE(pieces.length, 0x1a6);

  if (deleted !== undefined) {
    // one page of formats, at the place 1024: what is before, what is deleted, what is after
    const page = word.subarray(1_024, 1_536);
    const ends = [0, deleted[0], deleted[1], all.length].map((character) => TEXT + character * width);
    for (const [index, end] of ends.entries()) page.writeUInt32LE(end, 4 * index);
    page[511] = 3;
    page[4 * 4 + 1] = 100;
    Buffer.from([3, 0x00, 0x08, 1]).copy(page, 200);
    table.writeUInt32LE(TEXT, 1_000);
    table.writeUInt32LE(TEXT + bytes.length, 1_004);
    table.writeUInt32LE(2, 1_008);
    word.writeUInt32LE(1_000, 0xfa);
    word.writeUInt32LE(12, 0xfe);
  }
  return makeCompoundFile({
    WordDocument: word,
    '1Table': table,
    ...(summary === undefined ? {} : { '\x05SummaryInformation': Buffer.concat([summary, Buffer.alloc(LARGE)]) }),
  });
}

/** A stream of summary information with strings, a number and times. */
export function makeSummary(title: string, author: string, saved: Date, pages: number): Buffer {
  const string = (text: string) => {
    const bytes = Buffer.from(`${text}\0`, 'latin1');
    const head = Buffer.alloc(8);
    head.writeUInt32LE(30, 0);
    head.writeUInt32LE(bytes.length, 4);
    return Buffer.concat([head, bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  };
  const time = Buffer.alloc(12);
  time.writeUInt32LE(64, 0);
  time.writeBigUInt64LE((BigInt(saved.getTime()) + 11_644_473_600_000n) * 10_000n, 4);
  const number = Buffer.alloc(8);
  number.writeUInt32LE(3, 0);
  number.writeInt32LE(pages, 4);
  const values = new Map<number, Buffer>([
    [2, string(title)],
    [4, string(author)],
    [13, time],
    [14, number],
  ]);
  const list = Buffer.alloc(8 + 8 * values.size);
  list.writeUInt32LE(values.size, 4);
  let at = list.length;
  for (const [index, [id, value]] of [...values].entries()) {
    list.writeUInt32LE(id, 8 + 8 * index);
    list.writeUInt32LE(at, 12 + 8 * index);
    at += value.length;
  }
  const head = Buffer.alloc(48);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt32LE(1, 24);
  head.writeUInt32LE(48, 44);
  return Buffer.concat([head, list, ...values.values()]);
}

function makeCompoundFile(streams: Readonly<Record<string, Buffer>>): Buffer {
  const names = Object.keys(streams);
  const entries = ['Root Entry', ...names].map((name, index) => {
    const entry = Buffer.alloc(128);
    entry.writeUInt16LE(entry.write(name, 'utf16le') + 2, 64);
    entry[66] = index === 0 ? 5 : 2;
    entry.fill(0xff, 68, 80);
    return entry;
  });
  // every stream is a right neighbour of the one before
  entries[0]!.writeUInt32LE(1, 76);
  for (let index = 1; index < names.length; index++) entries[index]!.writeUInt32LE(index + 1, 72);

  const next: number[] = [0xfffffffd];
  const chain = (bytes: number) => {
    const first = next.length;
    const sectors = Math.ceil(bytes / SECTOR);
    for (let index = 1; index <= sectors; index++) next.push(index === sectors ? END : first + index);
    return first;
  };
  const directory = chain(entries.length * 128);
  const contents: Buffer[] = [];
  for (const [index, name] of names.entries()) {
    const content = streams[name]!;
    entries[index + 1]!.writeUInt32LE(chain(content.length), 116);
    entries[index + 1]!.writeUInt32LE(content.length, 120);
    contents.push(filled(content));
  }
  entries[0]!.writeUInt32LE(END, 116);

  const header = Buffer.alloc(SECTOR, 0xff);
  header.fill(0, 0, 76);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(directory, 48);
  header.writeUInt32LE(LARGE, 56);
  header.writeUInt32LE(END, 60);
  header.writeUInt32LE(END, 68);
  header.writeUInt32LE(0, 76);
  const table = Buffer.alloc(SECTOR, 0xff);
  for (const [index, sector] of next.entries()) table.writeUInt32LE(sector, 4 * index);
  return Buffer.concat([header, table, filled(Buffer.concat(entries)), ...contents]);
}

function filled(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((SECTOR - (bytes.length % SECTOR)) % SECTOR)]);
}
