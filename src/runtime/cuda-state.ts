// Can CUDA be used here, what is missing, and what is the one thing to do next?
import { join } from 'node:path';
import { downloadCommand } from './cuda-install.ts';
import { builtVersion, findCudaLibraries, providerLibraries, runtimeVersion } from './cuda-libraries.ts';
import {
  type CudaNeed,
  type CudaNeeds,
  type DriverState,
  findDriver,
  foldersWith,
  pipPackages,
  readCudaNeeds,
} from './cuda-needs.ts';
import { deviceProblem, executionProviders } from './onnx-session.ts';

export interface CudaState {
  /** A model ran on CUDA. */
  readonly usable: boolean;
  /** The onnxruntime-node of this platform can have CUDA. */
  readonly supported: boolean;
  /** ONNX Runtime's version, as onnxruntime-node brings it. */
  readonly runtimeVersion: string;
  /** Where the provider's libraries have to lie. */
  readonly folder: string;
  /** The provider's libraries that are not there. */
  readonly missing: readonly string[];
  /** What ONNX Runtime the provider was built as; absent when there is none or it does not say. */
  readonly providerVersion?: string;
  /** Major version of CUDA that the provider wants. */
  readonly cuda?: number;
  /** NVIDIA's libraries that the provider needs, but the driver's. */
  readonly libraries: readonly CudaNeed[];
  readonly driver: DriverState;
  /** The first thing that stands in the way. */
  readonly problem?: string;
  /** What to do about it: one command, or one step. */
  readonly next?: string;
}

/** The oldest driver for a major version of CUDA (NVIDIA's "CUDA Compatibility", minor-version compatibility). */
const OLDEST_DRIVERS: Readonly<Record<number, number>> = { 11: 450, 12: 525, 13: 580 };

/** Looks at the provider in the folder of onnxruntime-node's binding, or in another one, which is then not tried. */
export async function inspectCuda(folder?: string): Promise<CudaState> {
  const found = findCudaLibraries(folder);
  const supported = (await executionProviders()).some(({ name }) => name === 'cuda');
  const expected = runtimeVersion();
  const provider = join(found.folder, providerLibraries().cuda);
  const present = !found.missing.includes(providerLibraries().cuda);
  const needs: CudaNeeds = present ? await readCudaNeeds(provider) : { libraries: [] };
  const providerVersion = present ? await builtVersion(provider, expected) : undefined;
  const facts = {
    supported,
    runtimeVersion: expected,
    folder: found.folder,
    missing: found.missing,
    ...(providerVersion === undefined ? {} : { providerVersion }),
    ...needs,
    driver: findDriver(),
  };
  const obstacle = obstacleOf(facts) ?? (folder === undefined ? await trialOf() : undefined);
  return { usable: obstacle === undefined && folder === undefined, ...facts, ...obstacle };
}

type Facts = Omit<CudaState, 'usable' | 'problem' | 'next'>;
interface Obstacle {
  readonly problem: string;
  readonly next?: string;
}

function obstacleOf(facts: Facts): Obstacle | undefined {
  const { supported, missing, driver, libraries, providerVersion, cuda } = facts;
  if (!supported) return { problem: `onnxruntime-node has no CUDA for ${process.platform} ${process.arch}` };
  if (!driver.loads) {
    return {
      problem: `this machine has no NVIDIA driver (${driver.library} cannot be loaded)`,
      next: 'with an NVIDIA card: install its driver (a container: docker run --gpus all), then: sandglass doctor',
    };
  }
  const install = `${downloadCommand(facts.runtimeVersion)} && sandglass cuda onnxruntime_gpu-${facts.runtimeVersion}-*.whl`;
  if (missing.length > 0) return { problem: 'its provider is not in place', next: install };
  if (providerVersion !== undefined && providerVersion !== facts.runtimeVersion) {
    return {
      problem: `the provider is of ONNX Runtime ${providerVersion}, onnxruntime-node is ${facts.runtimeVersion}`,
      next: install,
    };
  }
  const oldest = cuda === undefined ? undefined : OLDEST_DRIVERS[cuda];
  if (driver.version !== undefined && oldest !== undefined && Number.parseInt(driver.version, 10) < oldest) {
    return {
      problem: `driver ${driver.version} is too old for CUDA ${cuda}`,
      next: `install NVIDIA's driver ${oldest} or newer`,
    };
  }
  const absent = libraries.filter(({ loads }) => !loads);
  if (absent.length === 0) return undefined;
  return {
    problem: `${absent.map(({ library }) => library).join(', ')} cannot be loaded`,
    next: fetchOf(absent, cuda),
  };
}

/** How the loader comes to find libraries: the folders where they lie already, else the packages that have them. */
function fetchOf(absent: readonly CudaNeed[], cuda: number | undefined): string {
  const folders = foldersWith(absent);
  if (folders.length > 0) return `export LD_LIBRARY_PATH=${folders.join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}`;
  const packages = cuda === undefined ? [] : pipPackages(absent, cuda);
  if (packages.length === 0) return `install ${absent.map(({ library }) => library).join(', ')}`;
  return `pip install ${packages.join(' ')}  (then name its folders in the library path: docs/gpu.md)`;
}

async function trialOf(): Promise<Obstacle | undefined> {
  const problem = await deviceProblem('cuda');
  return problem === undefined ? undefined : { problem, next: 'nvidia-smi  (is a card visible?)' };
}
