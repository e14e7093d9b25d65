// Can this machine run everything? Node, the native modules, the devices.
import { createRequire } from 'node:module';
import { arch, platform, release } from 'node:os';
import { executionProviders } from '../runtime/onnx-session.ts';

export interface Check {
  readonly name: string;
  /** `warning`: something optional is missing. */
  readonly state: 'ok' | 'warning' | 'error';
  /** What was found, or what is missing and what to do. */
  readonly detail: string;
}

export interface Diagnosis {
  readonly schema: 1;
  readonly checks: readonly Check[];
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
  const checks = [
    checkNode(),
    ...Object.entries(NATIVE_MODULES).map(([name, versionOf]) => checkModule(name, versionOf)),
    ...(await checkProviders()),
  ];
  return { schema: 1, checks };
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

async function checkProviders(): Promise<Check[]> {
  let providers: Awaited<ReturnType<typeof executionProviders>>;
  try {
    providers = await executionProviders();
  } catch (error) {
    return [
      {
        name: 'onnxruntime-node',
        state: 'error',
        detail: `cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      },
    ];
  }
  return providers
    .filter(({ name }) => name === 'cpu' || name === 'cuda')
    .map(({ name, complete, missing, folder }) =>
      complete
        ? {
            name: `device ${name}`,
            state: 'ok',
            detail: name === 'cpu' ? 'onnxruntime-node' : `the CUDA provider lies in ${folder}`,
          }
        : {
            name: `device ${name}`,
            state: 'warning',
            detail: `not used: ${missing.join(' and ')} missing in ${folder} (from the onnxruntime-gpu package of the same version); the CPU does everything`,
          },
    );
}
