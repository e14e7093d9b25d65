// May the CUDA provider be loaded, and what is said when CUDA was asked for and cannot be used.
import { join } from 'node:path';
import { SandglassError } from '../errors.ts';
import { builtVersion, findCudaLibraries, providerLibraries, runtimeVersion } from './cuda-libraries.ts';
import { explainCuda, findDriver } from './cuda-needs.ts';

/** Why there is no sense, or some danger, in loading the provider; undefined when it may be tried. */
export async function providerProblem(): Promise<string | undefined> {
  const { folder, missing } = findCudaLibraries();
  if (missing.length > 0) return `${missing.join(' and ')} not in ${folder}`;
  const driver = findDriver();
  if (!driver.loads) return `no NVIDIA driver: ${driver.problem}`;
  // A provider of another version has other tables of functions: loading it could end the process.
  const expected = runtimeVersion();
  const version = await builtVersion(join(folder, providerLibraries().cuda), expected);
  if (version === undefined || version === expected) return undefined;
  return `the CUDA provider is of ONNX Runtime ${version}, onnxruntime-node is ${expected}`;
}

/**
 * What to throw when CUDA was asked for: the files or libraries that are missing, by name.
 *
 * @param problem what came up when a model was tried
 */
export async function cudaRefusal(problem: string): Promise<SandglassError> {
  const { folder, missing } = findCudaLibraries();
  if (missing.length > 0) {
    return new SandglassError(
      'DEVICE_UNAVAILABLE',
      `Expected the CUDA provider of ONNX Runtime beside its binding but ${missing.join(' and ')} ` +
        `${missing.length === 1 ? 'is' : 'are'} not in ${folder}; put it there with sandglass cuda <wheel>, or use --device cpu`,
      { path: folder },
    );
  }
  return new SandglassError(
    'DEVICE_UNAVAILABLE',
    `Expected a CUDA device but it cannot be used: ${(await explainCuda(folder)) ?? problem}; ` +
      'sandglass doctor says what to do, or use --device cpu',
  );
}
