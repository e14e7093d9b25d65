// The safetensors file format: named tensors behind a JSON header, readable by many tools; with a checksum of our own.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { endianness } from 'node:os';
import { elementCount, type Shape } from './graph/shape.ts';

export interface StoredTensor {
  readonly data: Float32Array | Float64Array;
  readonly shape: Shape;
}

export interface SafeTensors {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: keyof typeof TYPES;
  readonly shape: Shape;
  readonly data_offsets: readonly [from: number, to: number];
}

const TYPES = { F32: Float32Array, F64: Float64Array } as const;
const NO_CHECKSUM = '0'.repeat(64);
const LONGEST_HEADER = 100_000_000;

/** A file that is not what {@link writeSafeTensors} wrote. */
export class BrokenSafeTensors extends Error {
  override readonly name = 'BrokenSafeTensors';
}

/** Writes tensors without copying them, and waits until the disk has them. The metadata gets a `checksum`. */
export async function writeSafeTensors(path: string, { tensors, metadata }: SafeTensors): Promise<void> {
  // The numbers are written as they lie in memory.
  if (endianness() !== 'LE') throw new Error('Expected a little-endian machine to write safetensors');
  const named = Object.entries(tensors);
  const parts = named.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  let offset = 0;
  const entries = named.map(([name, { data, shape }], i) => {
    const dtype = data instanceof Float32Array ? 'F32' : 'F64';
    const from = offset;
    offset += parts[i]!.byteLength;
    return [name, { dtype, shape, data_offsets: [from, offset] }] as const;
  });
  const headerWith = (checksum: string) =>
    header({ __metadata__: { ...metadata, checksum }, ...Object.fromEntries(entries) });
  const hash = createHash('sha256').update(headerWith(NO_CHECKSUM));
  for (const part of parts) hash.update(part);
  const file = await open(path, 'w');
  try {
    await file.writeFile(headerWith(hash.digest('hex')));
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws BrokenSafeTensors when the file is damaged or was not written by {@link writeSafeTensors} */
export async function readSafeTensors(path: string): Promise<SafeTensors> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = new DataView(await readExactly(file, 0, 8, size));
    const length = Number(start.getBigUint64(0, true));
    if (length > LONGEST_HEADER) throw new BrokenSafeTensors('its header is too long');
    const { metadata: stored, entries } = parseHeader(
      new TextDecoder().decode(await readExactly(file, 8, length, size)),
    );
    const { checksum, ...metadata } = stored;
    const empty = header({ __metadata__: { ...metadata, checksum: NO_CHECKSUM }, ...entries });
    const hash = createHash('sha256').update(empty);
    const tensors: Record<string, StoredTensor> = {};
    let end = 8 + length;
    for (const [
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ] of Object.entries(entries)) {
      const Type = TYPES[dtype];
      if (to - from !== elementCount(shape) * Type.BYTES_PER_ELEMENT) {
        throw new BrokenSafeTensors(`the size of '${name}' does not fit its shape`);
      }
      const bytes = await readExactly(file, 8 + length + from, to - from, size);
      hash.update(new Uint8Array(bytes));
      tensors[name] = { data: new Type(bytes), shape };
      end = 8 + length + to;
    }
    if (end !== size) throw new BrokenSafeTensors('its length is not what its header says');
    if (hash.digest('hex') !== checksum) throw new BrokenSafeTensors('its checksum does not fit');
    return { tensors, metadata };
  } finally {
    await file.close();
  }
}

/** The length of the header, and the header, with spaces to a multiple of eight bytes. */
function header(entries: Readonly<Record<string, unknown>>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(entries));
  const bytes = new Uint8Array(8 + 8 * Math.ceil(json.length / 8)).fill(0x20);
  bytes.set(json, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8), true);
  return bytes;
}

interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: Readonly<Record<string, HeaderEntry>>;
}

function parseHeader(json: string): Header {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new BrokenSafeTensors('its header is no JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new BrokenSafeTensors('its header is no JSON object');
  const { __metadata__: metadata = {}, ...entries } = parsed as Record<string, unknown>;
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<HeaderEntry>;
    if (dtype === undefined || !(dtype in TYPES) || !areSizes(shape) || !areSizes(offsets) || offsets.length !== 2) {
      throw new BrokenSafeTensors(`its header describes '${name}' in a way that is not known`);
    }
  }
  return { metadata: metadata as Header['metadata'], entries: entries as Header['entries'] };
}

function areSizes(list: unknown): list is readonly number[] {
  return Array.isArray(list) && list.every((size) => Number.isSafeInteger(size) && size >= 0);
}

async function readExactly(file: FileHandle, position: number, length: number, size: number): Promise<ArrayBuffer> {
  if (position + length > size) throw new BrokenSafeTensors('it ends too early');
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 2 ** 30), position + done);
    if (bytesRead === 0) throw new BrokenSafeTensors('it ends too early');
    done += bytesRead;
  }
  return bytes.buffer;
}
