// What a command loads is what its start costs: questions are asked more often than folders are indexed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanUp, documents, indexed, temporaryFolder } from '../library/collection.ts';
import { MAIN } from './command.ts';

let folder: string;

beforeAll(async () => {
  folder = documents(3);
  await (await indexed(folder)).close();
});
afterAll(cleanUp);

/** The modules a command loads: paths below dist/, names of packages. */
function modulesOf(...args: string[]): { own: string[]; packages: string[]; code: number | null } {
  const file = join(temporaryFolder(), 'modules');
  const { status } = spawnSync(
    process.execPath,
    ['--import', new URL('trace-modules.mjs', import.meta.url).href, MAIN, ...args],
    { cwd: folder, env: { ...process.env, TRACED_MODULES: file } },
  );
  const lines = readFileSync(file, 'utf8').split('\n');
  const packages = lines.flatMap((line) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(line)?.[1] ?? []);
  const own = lines.flatMap(
    (line) =>
      /\/dist\/((?:cli|library|features|image|training|compare|text|index|encoders|runtime|lab|data-sets)\/.*)$/.exec(
        line,
      )?.[1] ?? [],
  );
  return { own, packages: [...new Set(packages)], code: status };
}

/** What reading a document takes. */
const READERS = ['htmlparser2', 'marked', 'papaparse', 'file-type', 'chardet', 'iconv-lite'];
const HEAVY = [
  ...['sharp', 'onnxruntime-node', 'hnswlib-node', 'piscina', 'linkedom', '@observablehq/plot'],
  // What imported encoders read text with.
  '@huggingface/tokenizers',
  // What checks recipes, maps pictures and unpacks.
  ...['zod', 'ml-matrix', 'wasm-bhtsne', 'yauzl'],
  // What `natural` brings along when it is imported whole.
  ...['mongoose', 'mongodb', 'pg', 'redis', 'memjs', 'dotenv'],
];

describe.each([
  ['--version', ['--version'], [...HEAVY, ...READERS]],
  ['--help', ['--help'], [...HEAVY, ...READERS]],
  ['train --help', ['train', '--help'], [...HEAVY, ...READERS]],
  ['status', ['status'], [...HEAVY, ...READERS]],
  ['query --text', ['query', '--text', 'ship'], [...HEAVY, ...READERS]],
  ['query of a document', ['query', 'sea/1.txt'], HEAVY],
] as const)('sandglass %s', (_, args, needless) => {
  it('loads no module that only other work needs', () => {
    const loaded = modulesOf(...args);
    expect(loaded.code).toBe(0);
    expect(loaded.packages).toContain('commander');
    expect(loaded.packages.filter((name) => needless.includes(name))).toEqual([]);
    expect(loaded.own).toContain('cli/main.js');
    expect(loaded.own.filter((path) => /^(training|compare|data-sets)\/|^lab\/(train|lab)-run/.test(path))).toEqual([]);
    expect(loaded.own).not.toContain('library/indexing.js');
  });
});
