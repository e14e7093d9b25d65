// Where the CUDA execution provider lies: the folder of onnxruntime-node's binding, the files, the version they must have.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface CudaLibraries {
  /** The folder of the native binding: where the provider's libraries have to lie. */
  readonly folder: string;
  /** File names that are not there; empty when all are. */
  readonly missing: readonly string[];
}

/** The provider's two libraries as the platform names them; the rest of CUDA is found through the system's library path. */
export function providerLibraries(platform: NodeJS.Platform = process.platform): { cuda: string; shared: string } {
  const name = (part: string) =>
    platform === 'win32' ? `onnxruntime_providers_${part}.dll` : `libonnxruntime_providers_${part}.so`;
  return { cuda: name('cuda'), shared: name('shared') };
}

/** Looks beside the binding of onnxruntime-node, or in another folder; loads nothing. */
export function findCudaLibraries(folder = bindingFolder()): CudaLibraries {
  return { folder, missing: Object.values(providerLibraries()).filter((name) => !existsSync(join(folder, name))) };
}

/** The ONNX Runtime that is installed: the provider must be of the very same version. */
export function runtimeVersion(): string {
  const { version } = JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string };
  return version;
}

/**
 * The version that a provider library was built as, read from its bytes: `expected` when it is named in there, else one
 * that looks like it, else undefined. Reads the whole file.
 */
export async function builtVersion(library: string, expected: string): Promise<string | undefined> {
  const expectedMark = Buffer.from(`\0${expected}\0`, 'latin1');
  let other: string | undefined;
  let overlap = Buffer.alloc(0);
  const handle = await open(library, 'r');
  try {
    const stream = handle.createReadStream({ highWaterMark: 4 << 20, autoClose: false });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([overlap, chunk]);
      if (bytes.includes(expectedMark)) return expected;
      other ??= versionNear(bytes);
      overlap = bytes.subarray(-32);
    }
  } finally {
    await handle.close();
  }
  return other;
}

/** The first text of its own that looks like a version of ONNX Runtime 1. */
function versionNear(bytes: Buffer): string | undefined {
  for (let at = bytes.indexOf('\x001.'); at >= 0; at = bytes.indexOf('\x001.', at + 1)) {
    const found = /^\0(1\.\d{1,2}\.\d{1,2})\0/.exec(bytes.toString('latin1', at, at + 12));
    if (found) return found[1];
  }
  return undefined;
}

function packageFile(): string {
  return createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
}

function bindingFolder(): string {
  const bin = join(dirname(packageFile()), 'bin');
  const folders = existsSync(bin) ? readdirSync(bin).filter((name) => name.startsWith('napi-')) : [];
  const place = (napi: string) => join(bin, napi, process.platform, process.arch);
  return place(folders.find((napi) => existsSync(place(napi))) ?? 'napi-v6');
}
