// Assembles every NAME.wat under src into NAME-binary.ts beside it. Run it after every change of one; it needs the npm
// package `wabt`.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import wabt from 'wabt';

const SOURCES = join(import.meta.dirname, '../src');
const LINE = 110;

/** Memory that is shared between threads needs "threads". */
const FEATURES = { simd: true, threads: true };

const { parseWat } = await wabt();
const paths = readdirSync(SOURCES, { recursive: true }).filter((path) => path.endsWith('.wat'));
for (const path of paths.sort()) assemble(join(SOURCES, path));

function assemble(source) {
  const name = basename(source);
  const text = readFileSync(source, 'utf8').replaceAll('\r\n', '\n');
  const module = parseWat(name, text, FEATURES);
  module.validate(FEATURES);
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')).map((line) => `  '${line}'`);
  writeFileSync(
    source.replace(/\.wat$/, '-binary.ts'),
    `// ${name}, assembled by scripts/build-kernels.mjs: WebAssembly with 128-bit vectors, in base64.\n\n` +
      `/** SHA-256 of the ${name} it was made from. */\n` +
      `export const KERNELS_SOURCE_HASH = '${createHash('sha256').update(text).digest('hex')}';\n\n` +
      `export const KERNELS_BASE64 =\n${lines.join(' +\n')};\n`,
  );
}
