// What the CUDA provider is taken from: a wheel of onnxruntime-gpu, a NuGet package, or a folder that holds the files.
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Entry, ZipFile } from 'yauzl';
import { SandglassError } from '../errors.ts';
import { providerLibraries } from './cuda-libraries.ts';

/** One library inside a package. */
export interface PackedLibrary {
  readonly bytes: number;
  /** CRC-32 of the content, where the archive says it. */
  readonly crc32?: number;
  open(): Promise<Readable>;
}

export interface CudaPackage {
  /** The package's own name, or the folder. */
  readonly name: string;
  /** The version of ONNX Runtime it says it is of. */
  readonly version?: string;
  /** By file name as the platform has it: the provider's two libraries. */
  readonly libraries: Readonly<Record<string, PackedLibrary>>;
  close(): void;
}

/** A version stands in a few lines; more is no such file. */
const MOST_METADATA = 1 << 20;

/**
 * Opens a package; nothing is unpacked.
 *
 * @throws SandglassError CUDA_UNFIT when it is broken or has no provider for this platform; FILE_VANISHED, FILE_UNREADABLE
 */
export async function openCudaPackage(source: string): Promise<CudaPackage> {
  const path = resolve(source);
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(path);
  } catch (cause) {
    throw new SandglassError(
      'FILE_VANISHED',
      `Expected a wheel, a NuGet package or a folder but there is nothing at ${path}.`,
      { path, cause },
    );
  }
  return found.isDirectory() ? openFolder(path) : openArchive(path);
}

async function openArchive(path: string): Promise<CudaPackage> {
  const broken = (cause: unknown) =>
    new SandglassError(
      'CUDA_UNFIT',
      `Expected a wheel or a NuGet package (zip archives) but ${path} cannot be read as one: ` +
        `${reasonOf(cause)}; download it again, or unpack it and name the folder.`,
      { path, cause },
    );
  let zip: ZipFile;
  try {
    // Only this command needs it.
    const { default: yauzl } = await import('yauzl');
    zip = await yauzl.openPromise(path, { autoClose: false });
  } catch (cause) {
    throw broken(cause);
  }
  try {
    const entries = await listEntries(zip).catch((cause: unknown) => {
      throw broken(cause);
    });
    const wanted = Object.values(providerLibraries());
    const libraries: Record<string, PackedLibrary> = {};
    for (const entry of entries) {
      const name = basename(entry.fileName);
      if (!wanted.includes(name) || !isForThisMachine(entry.fileName)) continue;
      libraries[name] = {
        bytes: entry.uncompressedSize,
        crc32: entry.crc32,
        open: () => zip.openReadStreamPromise(entry),
      };
    }
    const metadata = await readMetadata(zip, entries).catch((cause: unknown) => {
      throw broken(cause);
    });
    const names = entries.map(({ fileName }) => fileName);
    const missing = missingOf(libraries);
    if (missing.length > 0) throw withoutProvider(missing, metadata?.name ?? basename(path), names, path);
    return {
      name: basename(path),
      ...(metadata ? { version: metadata.version } : {}),
      libraries,
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

/** A NuGet package has the libraries of several machines, told apart by folder; a wheel those of one. */
function isForThisMachine(fileName: string): boolean {
  if (!fileName.startsWith('runtimes/')) return true;
  return fileName.startsWith(`runtimes/${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}/`);
}

interface Metadata {
  readonly name: string;
  readonly version: string;
}

async function readMetadata(zip: ZipFile, entries: readonly Entry[]): Promise<Metadata | undefined> {
  const entry = entries.find(({ fileName }) => /^[^/]+\.dist-info\/METADATA$|^[^/]+\.nuspec$/.test(fileName));
  if (entry === undefined || entry.uncompressedSize > MOST_METADATA) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) chunks.push(chunk);
  return parseMetadata(Buffer.concat(chunks).toString('utf8'));
}

/** Name and version from a wheel's METADATA or a NuGet package's nuspec. */
function parseMetadata(text: string): Metadata | undefined {
  const name = /^Name: *(\S+)/m.exec(text) ?? /<id>\s*([^<\s]+)\s*<\/id>/i.exec(text);
  const version = /^Version: *(\S+)/m.exec(text) ?? /<version>\s*([^<\s]+)\s*<\/version>/i.exec(text);
  return name?.[1] && version?.[1] ? { name: name[1], version: version[1] } : undefined;
}

/** Where the libraries lie in an unpacked wheel, a site-packages folder, an unpacked NuGet package, a release archive. */
function foldersToLookIn(path: string): string[] {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  return ['', 'lib', 'capi', 'onnxruntime/capi', `runtimes/${system}-${process.arch}/native`].map((part) =>
    join(path, part),
  );
}

async function openFolder(path: string): Promise<CudaPackage> {
  const wanted = Object.values(providerLibraries());
  for (const folder of foldersToLookIn(path)) {
    const names = (await list(folder)).map(({ name }) => name);
    if (!wanted.some((name) => names.includes(name))) continue;
    const libraries: Record<string, PackedLibrary> = {};
    for (const name of wanted.filter((each) => names.includes(each))) {
      const file = join(folder, name);
      libraries[name] = { bytes: (await stat(file)).size, open: async () => createReadStream(file) };
    }
    const missing = missingOf(libraries);
    if (missing.length > 0) throw withoutProvider(missing, folder, names, path);
    const version = await folderVersion(folder, path);
    return { name: path, ...(version === undefined ? {} : { version }), libraries, close() {} };
  }
  throw withoutProvider(
    wanted,
    path,
    (await list(path)).map(({ name }) => name),
    path,
  );
}

/** What stands beside the libraries, or above them, about their version. */
async function folderVersion(folder: string, top: string): Promise<string | undefined> {
  const byName = (await list(folder))
    .map(({ name }) => /^libonnxruntime\.so\.(\d+\.\d+\.\d+)$/.exec(name)?.[1])
    .find((version) => version !== undefined);
  if (byName !== undefined) return byName;
  for (const place of new Set([folder, dirname(folder), top])) {
    for (const { name } of await list(place)) {
      const text = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).slice(0, MOST_METADATA);
      if (name === 'VERSION_NUMBER') return (await text(join(place, name))).trim() || undefined;
      if (/^onnxruntime_gpu-.*\.dist-info$/.test(name)) {
        return parseMetadata(await text(join(place, name, 'METADATA')))?.version;
      }
      if (/^microsoft\.ml\.onnxruntime.*\.nuspec$/i.test(name))
        return parseMetadata(await text(join(place, name)))?.version;
    }
  }
  return undefined;
}

async function list(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

/** What to say of a package without the provider, and which one to take. */
function withoutProvider(missing: readonly string[], name: string, contents: readonly string[], path: string) {
  const [here, other] =
    process.platform === 'win32' ? (['Windows', 'Linux'] as const) : (['Linux', 'Windows'] as const);
  const others = Object.values(providerLibraries(other === 'Windows' ? 'win32' : 'linux'));
  const hint = contents.some((each) => others.includes(basename(each)))
    ? ` It holds those of ${other}.`
    : /^microsoft\.ml\.onnxruntime\.gpu$/i.test(name)
      ? ` That package only refers to others: take Microsoft.ML.OnnxRuntime.Gpu.${here}.`
      : '';
  return new SandglassError(
    'CUDA_UNFIT',
    `Expected ${missing.join(' and ')} for ${process.platform} ${process.arch} but ${name} has ` +
      `${missing.length === 1 ? 'none' : 'neither'}.${hint}`,
    { path },
  );
}

function missingOf(libraries: Readonly<Record<string, PackedLibrary>>): string[] {
  return Object.values(providerLibraries()).filter((library) => libraries[library] === undefined);
}

function reasonOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '');
}
