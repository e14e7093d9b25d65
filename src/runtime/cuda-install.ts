// Puts the CUDA provider beside onnxruntime-node's binding, and takes it away again.
import { createWriteStream, existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { SandglassError } from '../errors.ts';
import { errnoOf, outputError } from '../output-error.ts';
import { builtVersion, findCudaLibraries, providerLibraries, runtimeVersion } from './cuda-libraries.ts';
import { openCudaPackage, type PackedLibrary } from './cuda-package.ts';
import { readImports } from './library-imports.ts';

export interface CudaInstallOptions {
  /** Where to. @default the folder of onnxruntime-node's binding */
  readonly folder?: string;
  readonly signal?: AbortSignal;
  /** Bytes written so far, and of how many. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

export interface CudaInstallation {
  readonly folder: string;
  /** Version of ONNX Runtime that the provider is of. */
  readonly version: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** What a file is called until it is whole. */
const UNFINISHED = '.unfinished';

/**
 * Copies the provider's libraries from a wheel of onnxruntime-gpu, a NuGet package Microsoft.ML.OnnxRuntime.Gpu.Linux or
 * .Windows, or a folder. Nothing is replaced before all is written and checked.
 *
 * @throws SandglassError CUDA_UNFIT when the package is broken, for another machine or of another version of ONNX Runtime;
 *   FILE_VANISHED, OUTPUT_UNWRITABLE, DISK_FULL, ABORTED
 */
export async function installCuda(
  source: string,
  { folder = findCudaLibraries().folder, signal, onProgress }: CudaInstallOptions = {},
): Promise<CudaInstallation> {
  const expected = runtimeVersion();
  const parcel = await openCudaPackage(source);
  const halves: { half: string; path: string }[] = [];
  try {
    if (parcel.version !== undefined) demandVersion(parcel.version, expected, parcel.name);
    const total = Object.values(parcel.libraries).reduce((sum, { bytes }) => sum + bytes, 0);
    const files: { name: string; bytes: number }[] = [];
    let before = 0;
    for (const [name, library] of Object.entries(parcel.libraries)) {
      const path = join(folder, name);
      const half = `${path}.${process.pid}${UNFINISHED}`;
      halves.push({ half, path });
      await writeLibrary(library, half, parcel.name, signal, (bytes) => onProgress?.(before + bytes, total));
      await demandMachine(half, name, parcel.name);
      before += library.bytes;
      files.push({ name, bytes: library.bytes });
    }
    if (parcel.version === undefined) {
      const half = join(folder, `${providerLibraries().cuda}.${process.pid}${UNFINISHED}`);
      demandVersion(await builtVersion(half, expected), expected, parcel.name);
    }
    for (const { half, path } of halves) await rename(half, path);
    return { folder, version: expected, files };
  } catch (error) {
    for (const { half } of halves) await rm(half, { force: true });
    if (signal?.aborted) throw new SandglassError('ABORTED', 'Stopped; nothing was replaced.', { cause: error });
    throw writeProblem(error, folder);
  } finally {
    parcel.close();
  }
}

/**
 * Removes the provider, and what an installation that was cut off left.
 *
 * @returns the names of the files that were there
 * @throws SandglassError OUTPUT_UNWRITABLE
 */
export async function removeCuda(folder = findCudaLibraries().folder): Promise<{ folder: string; removed: string[] }> {
  const libraries = Object.values(providerLibraries());
  const present = existsSync(folder) ? await readdir(folder) : [];
  const removed = present.filter(
    (name) => libraries.includes(name) || libraries.some((each) => name.startsWith(each) && name.endsWith(UNFINISHED)),
  );
  try {
    for (const name of removed) await rm(join(folder, name), { force: true });
  } catch (error) {
    throw writeProblem(error, folder);
  }
  return { folder, removed };
}

async function writeLibrary(
  library: PackedLibrary,
  path: string,
  from: string,
  signal: AbortSignal | undefined,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let bytes = 0;
  let sum = 0;
  const checked = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      onBytes(bytes);
      done(null, chunk);
    },
  });
  const damaged = (what: string, cause?: unknown) =>
    new SandglassError('CUDA_UNFIT', `Expected a whole package but in ${from} ${what}; download it again.`, { cause });
  const target = createWriteStream(path, { flags: 'w', mode: 0o755 });
  try {
    await pipeline(await library.open(), checked, target, signal === undefined ? {} : { signal });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // The system's words have an errno; those of zip and zlib are about the archive.
    if (signal?.aborted || (code !== undefined && /^E[A-Z]+$/.test(code))) throw error;
    throw damaged(`a library cannot be unpacked: ${(error as Error).message}`, error);
  }
  if (bytes !== library.bytes || (library.crc32 !== undefined && sum !== library.crc32)) {
    throw damaged('a library is not what its checksum says');
  }
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}

async function demandMachine(path: string, name: string, from: string): Promise<void> {
  const { machine } = await readImports(path);
  if (machine === process.arch) return;
  throw new SandglassError(
    'CUDA_UNFIT',
    `Expected a ${name} for ${process.arch} but the one of ${from} is for ${machine}; get the package for this machine.`,
  );
}

function demandVersion(version: string | undefined, expected: string, from: string): void {
  // A wheel may add what it was built with: 1.30.0+cu13.
  if (version?.split('+')[0] === expected) return;
  throw new SandglassError(
    'CUDA_UNFIT',
    `Expected the CUDA provider of ONNX Runtime ${expected}, which onnxruntime-node brings, but ${from} is of ` +
      `${version ?? 'an unknown version'}; get the right one with: ${downloadCommand(expected)}`,
  );
}

/** The command that fetches the wheel with the provider. */
export function downloadCommand(version: string): string {
  return `pip download --no-deps onnxruntime-gpu==${version}`;
}

function writeProblem(error: unknown, folder: string): unknown {
  // Errors of the libraries that read archives have codes too, of another form.
  if (!/^E[A-Z]+$/.test(errnoOf(error) ?? '')) return error;
  return outputError(error, folder, {
    full: `The disk of ${folder} is full; nothing was replaced. Free some space.`,
    refused(errno) {
      const reason = errno === 'EBUSY' || errno === 'EPERM' ? `${errno}; a program may be using the files` : errno;
      return `${folder} cannot be written (${reason}); nothing was replaced.`;
    },
  });
}
