// Are the files of the CUDA execution provider where ONNX Runtime looks for them?
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface CudaLibraries {
  /** The folder of the native binding: where the provider's libraries have to lie. */
  readonly folder: string;
  /** File names that are not there; empty when all are. */
  readonly missing: readonly string[];
}

/** The provider's two libraries, named as on the platform; the rest of CUDA is found through the system's library path. */
function libraryNames(): string[] {
  const name = (part: string) =>
    process.platform === 'win32' ? `onnxruntime_providers_${part}.dll` : `libonnxruntime_providers_${part}.so`;
  return [name('cuda'), name('shared')];
}

/** Looks beside the binding of onnxruntime-node; loads nothing. */
export function findCudaLibraries(): CudaLibraries {
  const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const folder = join(dirname(packageFile), 'bin', 'napi-v6', process.platform, process.arch);
  return { folder, missing: libraryNames().filter((name) => !existsSync(join(folder, name))) };
}
