// Which libraries does a shared library need? Read from the file itself (ELF on Linux, PE on Windows); nothing is loaded.
import { type FileHandle, open } from 'node:fs/promises';
import { SandglassError } from '../errors.ts';

export interface LibraryImports {
  /** The processor it was built for, as `process.arch` names it, or the format's number. */
  readonly machine: string;
  /** The names of the libraries that the loader opens with it. */
  readonly imports: readonly string[];
}

/** More than any table of a real library needs; a broken file must not take the memory. */
const MOST_BYTES = 64 << 20;

/**
 * Reads the headers of an ELF (64 bits, little-endian) or PE32+ file.
 *
 * @throws SandglassError CUDA_UNFIT when the file is neither, or ends before its tables do
 */
export async function readImports(path: string): Promise<LibraryImports> {
  const handle = await open(path, 'r');
  try {
    const file = new LibraryFile(handle, path);
    const start = await file.bytes(0, 64);
    if (start.readUInt32BE(0) === 0x7f454c46) return await readElf(file, start);
    if (start.toString('latin1', 0, 2) === 'MZ') return await readPe(file, start);
    throw file.broken('Expected a shared library (ELF or PE)');
  } finally {
    await handle.close();
  }
}

class LibraryFile {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Exactly `length` bytes at `offset`. */
  async bytes(offset: number, length: number): Promise<Buffer> {
    if (!(length >= 0 && length <= MOST_BYTES)) throw this.broken('Expected the tables of a shared library');
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.#handle.read(buffer, 0, length, offset);
    if (bytesRead < length) throw this.broken('Expected a whole shared library');
    return buffer;
  }

  /** The text at `offset` up to the next NUL, at most 255 bytes. */
  async text(offset: number): Promise<string> {
    const buffer = Buffer.alloc(256);
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset);
    const end = buffer.subarray(0, bytesRead).indexOf(0);
    if (end < 0) throw this.broken('Expected the name of a library');
    return buffer.toString('latin1', 0, end);
  }

  broken(expected: string): SandglassError {
    return new SandglassError(
      'CUDA_UNFIT',
      `${expected} but ${this.#path} is none, or is damaged; get the file again.`,
      { path: this.#path },
    );
  }
}

/** A stretch of addresses and where it lies in the file. */
interface Stretch {
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

function offsetOf(address: number, stretches: readonly Stretch[], file: LibraryFile): number {
  const stretch = stretches.find((each) => address >= each.address && address < each.address + each.size);
  if (stretch === undefined) throw file.broken('Expected addresses inside the library');
  return address - stretch.address + stretch.offset;
}

const ELF_MACHINES: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64' };
const [PT_LOAD, PT_DYNAMIC] = [1, 2] as const;
const [DT_NEEDED, DT_STRTAB] = [1, 5] as const;

/** The dynamic section's DT_NEEDED entries; layouts as in the System V ABI, chapters 4 and 5. */
async function readElf(file: LibraryFile, header: Buffer): Promise<LibraryImports> {
  const [wide, little] = [header[4] === 2, header[5] === 1];
  if (!wide || !little) throw file.broken('Expected a 64-bit little-endian library');
  const number = header.readUInt16LE(18);
  const machine = ELF_MACHINES[number] ?? `ELF machine ${number}`;
  const entrySize = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  if (entrySize < 56) throw file.broken('Expected program headers');
  const table = await file.bytes(Number(header.readBigUInt64LE(32)), entrySize * count);
  const segments = Array.from({ length: count }, (_, i) => {
    const at = i * entrySize;
    return {
      type: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: Number(table.readBigUInt64LE(at + 16)),
      size: Number(table.readBigUInt64LE(at + 32)),
    };
  });
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return { machine, imports: [] };
  const entries = await file.bytes(dynamic.offset, dynamic.size);
  const needed: number[] = [];
  let strings = 0;
  for (let at = 0; at + 16 <= entries.length; at += 16) {
    const tag = Number(entries.readBigInt64LE(at));
    const value = Number(entries.readBigUInt64LE(at + 8));
    if (tag === 0) break;
    if (tag === DT_NEEDED) needed.push(value);
    if (tag === DT_STRTAB) strings = value;
  }
  const loaded = segments.filter(({ type }) => type === PT_LOAD);
  const imports: string[] = [];
  for (const name of needed) imports.push(await file.text(offsetOf(strings, loaded, file) + name));
  return { machine, imports };
}

const PE_MACHINES: Readonly<Record<number, string>> = { 34404: 'x64', 43620: 'arm64' };

/** The import and delay-import directories; layouts as in the "PE Format" specification. */
async function readPe(file: LibraryFile, start: Buffer): Promise<LibraryImports> {
  const at = start.readUInt32LE(0x3c);
  const header = await file.bytes(at, 24);
  if (header.toString('latin1', 0, 4) !== 'PE\0\0') throw file.broken('Expected a PE library');
  const number = header.readUInt16LE(4);
  const optional = await file.bytes(at + 24, header.readUInt16LE(20));
  if (optional.length < 224 || optional.readUInt16LE(0) !== 0x20b) throw file.broken('Expected a 64-bit library');
  const count = header.readUInt16LE(6);
  const table = await file.bytes(at + 24 + optional.length, 40 * count);
  const sections = Array.from({ length: count }, (_, i) => ({
    address: table.readUInt32LE(40 * i + 12),
    size: table.readUInt32LE(40 * i + 16),
    offset: table.readUInt32LE(40 * i + 20),
  }));
  const imports: string[] = [];
  // Number of the directory, bytes of one descriptor, where in it the name's address stands.
  for (const [directory, size, nameAt] of [
    [1, 20, 12],
    [13, 32, 4],
  ] as const) {
    const address = optional.readUInt32LE(112 + 8 * directory);
    if (address === 0) continue;
    for (let descriptor = offsetOf(address, sections, file); ; descriptor += size) {
      const name = (await file.bytes(descriptor, size)).readUInt32LE(nameAt);
      if (name === 0) break;
      imports.push(await file.text(offsetOf(name, sections, file)));
    }
  }
  return { machine: PE_MACHINES[number] ?? `PE machine 0x${number.toString(16)}`, imports };
}
