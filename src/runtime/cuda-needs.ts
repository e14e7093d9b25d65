// Which of NVIDIA's libraries does the CUDA provider need, and does the loader of this machine find them?
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerLibraries } from './cuda-libraries.ts';
import { readImports } from './library-imports.ts';

export interface CudaNeed {
  /** File name as the loader is asked for it, for example `libcublas.so.13`. */
  readonly library: string;
  /** What it belongs to, for example `cuBLAS`; `system` for what is none of NVIDIA's. */
  readonly part: string;
  /** The loader opens it. */
  readonly loads: boolean;
  /** What the loader said. */
  readonly problem?: string;
}

export interface CudaNeeds {
  /** Major version of CUDA that the provider was built for. */
  readonly cuda?: number;
  /** Libraries but the driver's. */
  readonly libraries: readonly CudaNeed[];
}

export interface DriverState extends CudaNeed {
  /** As the kernel module says; Linux only. */
  readonly version?: string;
}

/** A part of CUDA: how its files are called, and the package on PyPI that has it ({cu} is `-cu12` up to CUDA 12). */
interface Part {
  readonly name: string;
  readonly pattern: RegExp;
  readonly pip?: string;
}

const PARTS: readonly Part[] = [
  { name: 'cuBLAS', pattern: /cublas/i, pip: 'nvidia-cublas{cu}' },
  { name: 'cuDNN', pattern: /cudnn/i, pip: 'nvidia-cudnn-cu{major}' },
  { name: 'CUDA runtime', pattern: /cudart/i, pip: 'nvidia-cuda-runtime{cu}' },
  { name: 'cuRAND', pattern: /curand/i, pip: 'nvidia-curand{cu}' },
  { name: 'cuFFT', pattern: /cufft/i, pip: 'nvidia-cufft{cu}' },
  { name: 'NVRTC', pattern: /nvrtc/i, pip: 'nvidia-cuda-nvrtc{cu}' },
  { name: 'NVIDIA driver', pattern: /^(libcuda\.so|nvcuda\.)/i },
];
const DRIVER = 'NVIDIA driver';
const SYSTEM = 'system';

/** cuDNN is opened when the first convolution runs, and is in no import table then. ONNX Runtime takes cuDNN 9 since 1.19. */
const CUDNN = process.platform === 'win32' ? 'cudnn64_9.dll' : 'libcudnn.so.9';
const DRIVER_LIBRARY = process.platform === 'win32' ? 'nvcuda.dll' : 'libcuda.so.1';

/**
 * Reads the import table of the provider and asks the loader for each library.
 *
 * @throws SandglassError CUDA_UNFIT when the file is no shared library
 */
export async function readCudaNeeds(provider: string): Promise<CudaNeeds> {
  const { imports } = await readImports(provider);
  const named = imports.filter((library) => partOf(library) !== DRIVER);
  const needsCudnn = named.some((library) => partOf(library) !== SYSTEM && partOf(library) !== 'cuDNN');
  const libraries = [...new Set([...named, ...(needsCudnn ? [CUDNN] : [])])].map(ask);
  const cuda = cudaMajorOf(imports);
  return { ...(cuda === undefined ? {} : { cuda }), libraries };
}

/** Is NVIDIA's driver on this machine? */
export function findDriver(): DriverState {
  const version = kernelModuleVersion();
  return { ...ask(DRIVER_LIBRARY), ...(version === undefined ? {} : { version }) };
}

/** Which libraries of NVIDIA's the provider in a folder misses, in words; undefined when the loader finds them all. */
export async function explainCuda(folder: string): Promise<string | undefined> {
  const driver = findDriver();
  const { libraries } = await readCudaNeeds(join(folder, providerLibraries().cuda));
  const missing = [driver, ...libraries].filter(({ loads }) => !loads);
  if (missing.length === 0) return undefined;
  return `${missing.map(({ library, part }) => `${library} (${part})`).join(', ')} cannot be loaded`;
}

/** The packages of PyPI that hold the libraries, each once. */
export function pipPackages(missing: readonly CudaNeed[], cuda: number): string[] {
  const packages = missing.flatMap(({ part }) => PARTS.find(({ name }) => name === part)?.pip ?? []);
  return [...new Set(packages)].map((name) =>
    name.replace('{cu}', cuda < 13 ? `-cu${cuda}` : '').replace('{major}', String(cuda)),
  );
}

/** Folders of a CUDA toolkit or of pip's NVIDIA packages that hold a missing library which the loader does not look for there. */
export function foldersWith(missing: readonly CudaNeed[]): string[] {
  const folders = likelyFolders();
  return [
    ...new Set(missing.flatMap(({ library }) => folders.find((folder) => existsSync(join(folder, library))) ?? [])),
  ];
}

function ask(library: string): CudaNeed {
  const problem = loaderProblem(library);
  return {
    library,
    part: partOf(library),
    loads: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
  };
}

function partOf(library: string): string {
  return PARTS.find(({ pattern }) => pattern.test(library))?.name ?? SYSTEM;
}

function cudaMajorOf(imports: readonly string[]): number | undefined {
  // The runtime is called after its major version on both systems; cuBLAS has the same where the runtime is linked in.
  for (const pattern of [/cudart(?:64_|\.so\.)(\d{1,2})/i, /cublas(?:64_|\.so\.)(\d{1,2})/i]) {
    const major = imports.map((library) => pattern.exec(library)?.[1]).find((found) => found !== undefined);
    if (major !== undefined) return Number(major);
  }
  return undefined;
}

/**
 * What the system's loader says against opening a library by name; undefined when it opens it. Node opens it, finds that it
 * is no addon and closes it again; only what is said before that counts.
 */
function loaderProblem(library: string): string | undefined {
  try {
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/self-regist/i.test(message)) return undefined;
    return message.split('\n')[0]?.trim();
  }
  return undefined;
}

function kernelModuleVersion(): string | undefined {
  const file = '/proc/driver/nvidia/version';
  if (!existsSync(file)) return undefined;
  return /Module.*?\s(\d+\.\d+(?:\.\d+)?)\s/.exec(readFileSync(file, 'utf8'))?.[1];
}

function likelyFolders(): string[] {
  if (process.platform !== 'linux') return [];
  const toolkits = subfolders('/usr/local').filter((path) => /\/cuda[^/]*$/.test(path));
  const environments = [process.env.VIRTUAL_ENV, process.env.CONDA_PREFIX].filter((path) => path !== undefined);
  const sites = environments.flatMap((path) =>
    subfolders(join(path, 'lib')).map((python) => join(python, 'site-packages', 'nvidia')),
  );
  return [
    ...toolkits.flatMap((toolkit) => [join(toolkit, 'lib64'), join(toolkit, 'lib')]),
    ...sites.flatMap((site) => subfolders(site).map((part) => join(part, 'lib'))),
  ].filter((folder) => existsSync(folder));
}

function subfolders(path: string): string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch {
    return [];
  }
}
