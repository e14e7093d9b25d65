// Small wheels, NuGet packages and folders with made-up providers: libraries that have headers and nothing else.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { providerLibraries, runtimeVersion } from '../../src/runtime/cuda-libraries.ts';

export const VERSION = runtimeVersion();
export const { cuda: CUDA, shared: SHARED } = providerLibraries();

const folders: string[] = [];

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sandglass-cuda-')));
  folders.push(folder);
  return folder;
}

/** For `afterEach`. */
export function cleanUp(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export interface LibraryOptions {
  /** @default this machine's */
  readonly machine?: number;
  readonly imports?: readonly string[];
  /** Stands in it between two NULs. @default nothing */
  readonly version?: string;
}

const MACHINE = process.arch === 'arm64' ? 183 : 62;

/** An ELF library of 64 bits: one loaded segment that holds the dynamic section and its strings, from address 0x1000 on. */
export function elfLibrary({ machine = MACHINE, imports = [], version }: LibraryOptions = {}): Buffer {
  const strings = Buffer.from(['', ...imports, version ?? '', ''].join('\0'), 'latin1');
  const [headers, address] = [64 + 2 * 56, 0x1000];
  const dynamicSize = 16 * (imports.length + 2);
  const file = Buffer.alloc(headers + dynamicSize + strings.length);
  file.write('\x7fELF', 'latin1');
  file[4] = 2; // 64 bits
  file[5] = 1; // little-endian
  file.writeUInt16LE(3, 16); // a shared object
  file.writeUInt16LE(machine, 18);
  file.writeBigUInt64LE(64n, 32); // where the program headers are
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(2, 56);
  const segment = (index: number, type: number, offset: number, size: number) => {
    const at = 64 + 56 * index;
    file.writeUInt32LE(type, at);
    file.writeBigUInt64LE(BigInt(offset), at + 8);
    file.writeBigUInt64LE(BigInt(address + offset), at + 16);
    file.writeBigUInt64LE(BigInt(size), at + 32);
  };
  segment(0, 1, 0, file.length);
  segment(1, 2, headers, dynamicSize);
  let at = headers;
  const entry = (tag: number, value: number) => {
    file.writeBigInt64LE(BigInt(tag), at);
    file.writeBigUInt64LE(BigInt(value), at + 8);
    at += 16;
  };
  let name = 1;
  for (const library of imports) {
    entry(1, name);
    name += library.length + 1;
  }
  entry(5, address + headers + dynamicSize);
  strings.copy(file, headers + dynamicSize);
  return file;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A zip archive of deflated files, without anything newer than 1993. */
export function zip(files: Files, { checksums = true } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(content)];
    const packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4); // deflated
    common.writeUInt32LE(checksums ? crc32(data) : 1, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, rest, name]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** What a wheel of onnxruntime-gpu holds. */
export function wheelFiles(version = VERSION, library: LibraryOptions = {}): Record<string, string | Uint8Array> {
  return {
    [`onnxruntime_gpu-${version}.dist-info/METADATA`]: `Metadata-Version: 2.4\nName: onnxruntime-gpu\nVersion: ${version}\n`,
    [`onnxruntime/capi/${CUDA}`]: elfLibrary({ ...library, version }),
    [`onnxruntime/capi/${SHARED}`]: elfLibrary(),
  };
}

/** What a NuGet package holds: libraries for two systems, of which one is this. */
export function nugetFiles(id: string, version = VERSION): Record<string, string | Uint8Array> {
  const nuspec = `<package><metadata><id>${id}</id><version>${version}</version></metadata></package>`;
  const native = (system: string) => `runtimes/${system}/native`;
  return {
    [`${id}.nuspec`]: nuspec,
    [`${native('other-arch')}/${CUDA}`]: 'of another machine',
    [`${native('other-arch')}/${SHARED}`]: 'of another machine',
    [`${native(`${process.platform}-${process.arch}`)}/${CUDA}`]: elfLibrary({ version }),
    [`${native(`${process.platform}-${process.arch}`)}/${SHARED}`]: elfLibrary(),
  };
}

/** Writes files below a folder. */
export function unpacked(files: Files, folder = temporaryFolder()): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Writes an archive into a folder of its own. */
export function archive(name: string, content: Uint8Array): string {
  return join(unpacked({ [name]: content }), name);
}
