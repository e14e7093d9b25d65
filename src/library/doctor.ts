// Can this machine run everything? Node, the native modules, the devices.
import { createRequire } from 'node:module';
import { arch, platform, release } from 'node:os';
import { type CudaState, inspectCuda } from '../runtime/cuda-state.ts';
import { executionProviders } from '../runtime/onnx-session.ts';

export interface Check {
  readonly name: string;
  /** `warning`: something optional is missing. */
  readonly state: 'ok' | 'warning' | 'error';
  /** What was found, or what is missing. */
  readonly detail: string;
  /** The one thing to do next. */
  readonly next?: string;
}

export interface Diagnosis {
  readonly schema: 1;
  readonly checks: readonly Check[];
  /** All that was found about CUDA; absent when onnxruntime-node cannot be loaded. */
  readonly cuda?: CudaState;
}

/** The native modules, with what loads the native part (some load it only on first use) and tells its version. */
const NATIVE_MODULES: Readonly<Record<string, (module: never) => string>> = {
  'better-sqlite3': (
    Database: new (path: string) => { prepare(sql: string): { pluck(): { get(): string } }; close(): void },
  ) => {
    const database = new Database(':memory:');
    const version = database.prepare('SELECT sqlite_version()').pluck().get();
    database.close();
    return `SQLite ${version}`;
  },
  'hnswlib-node': (module: { L2Space: new (dimensions: number) => { getNumDimensions(): number } }) => {
    new module.L2Space(2).getNumDimensions();
    return 'loads';
  },
  sharp: (module: { versions: { sharp: string; vips: string } }) =>
    `${module.versions.sharp}, libvips ${module.versions.vips}`,
};
const OLDEST_NODE = [20, 19] as const;

export async function diagnose(): Promise<Diagnosis> {
  const checks: Check[] = [
    checkNode(),
    ...Object.entries(NATIVE_MODULES).map(([name, versionOf]) => checkModule(name, versionOf)),
  ];
  let webgpu: boolean;
  try {
    webgpu = (await executionProviders()).some(({ name, bundled }) => name === 'webgpu' && bundled);
  } catch (error) {
    const detail = `cannot be loaded: ${(error as Error).message.split('\n')[0]}`;
    return { schema: 1, checks: [...checks, { name: 'onnxruntime-node', state: 'error', detail }] };
  }
  const cuda = await lookAtCuda();
  checks.push({ name: 'device cpu', state: 'ok', detail: 'onnxruntime-node' });
  if ('cuda' in cuda) checks.push(...cudaChecks(cuda.cuda));
  else checks.push({ name: 'device cuda', state: 'warning', detail: `not used: ${cuda.problem}` });
  if (webgpu) checks.push({ name: 'device webgpu', state: 'ok', detail: WEBGPU });
  return { schema: 1, checks, ...('cuda' in cuda ? { cuda: cuda.cuda } : {}) };
}

const WEBGPU = 'comes with onnxruntime-node; an experiment, tried only when asked for';

async function lookAtCuda(): Promise<{ cuda: CudaState } | { problem: string }> {
  try {
    return { cuda: await inspectCuda() };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const found = `${process.version} on ${platform()} ${release()} ${arch()}`;
  return {
    name: 'node',
    state: fits ? 'ok' : 'error',
    detail: fits ? found : `${found}; expected ${OLDEST_NODE.join('.')} or newer`,
  };
}

function checkModule(name: string, versionOf: (module: never) => string): Check {
  try {
    return { name, state: 'ok', detail: versionOf(createRequire(import.meta.url)(name) as never) };
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return {
      name,
      state: 'error',
      detail: `cannot be loaded: ${message}. Build it for this Node: npm rebuild ${name}`,
    };
  }
}

/** The provider's files, NVIDIA's libraries, the driver, and whether all of it together works. */
export function cudaChecks(cuda: CudaState): Check[] {
  const { supported, missing, folder, runtimeVersion, providerVersion, libraries, driver } = cuda;
  const checks: Check[] = [];
  if (supported) {
    const fits = providerVersion === undefined || providerVersion === runtimeVersion;
    checks.push({
      name: 'cuda provider',
      state: missing.length === 0 && fits ? 'ok' : 'warning',
      detail:
        missing.length > 0
          ? `${missing.join(' and ')} not in ${folder}; needed from ONNX Runtime ${runtimeVersion}`
          : `of ONNX Runtime ${providerVersion ?? '(no version in it)'}${fits ? '' : `, but onnxruntime-node is ${runtimeVersion}`}, in ${folder}`,
    });
    const absent = libraries.filter(({ loads }) => !loads);
    if (libraries.length > 0) {
      checks.push({
        name: 'cuda libraries',
        state: absent.length === 0 ? 'ok' : 'warning',
        detail:
          absent.length === 0
            ? `all found, for CUDA ${cuda.cuda ?? '(unknown)'}`
            : `for CUDA ${cuda.cuda ?? '(unknown)'}, not found: ${absent.map(({ library, part }) => `${library} (${part})`).join(', ')}`,
      });
    }
    checks.push({
      name: 'nvidia driver',
      state: driver.loads ? 'ok' : 'warning',
      detail: driver.loads
        ? (driver.version ?? `${driver.library} is there`)
        : `none: ${driver.library} cannot be loaded`,
    });
  }
  checks.push({
    name: 'device cuda',
    state: cuda.usable ? 'ok' : 'warning',
    detail: verdict(cuda),
    ...(cuda.next === undefined ? {} : { next: cuda.next }),
  });
  return checks;
}

function verdict({ usable, problem, cuda }: CudaState): string {
  if (usable) return `works, with CUDA ${cuda ?? '(unknown)'}`;
  if (problem === undefined) return 'all is there; not tried, for onnxruntime-node does not look in this folder';
  return `not used; the CPU does everything: ${problem}`;
}
