// Assembles src/image/kernels.wat into src/image/kernels-binary.ts. Run it after every change of kernels.wat; it needs the
// npm package `wabt`.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const source = new URL('../src/image/kernels.wat', import.meta.url);
const target = new URL('../src/image/kernels-binary.ts', import.meta.url);
const LINE = 110;

const { parseWat } = await wabt();
const text = readFileSync(source, 'utf8').replaceAll('\r\n', '\n');
const module = parseWat('kernels.wat', text, { simd: true });
module.validate();
const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')).map((line) => `  '${line}'`);
writeFileSync(
  target,
  `// kernels.wat, assembled by scripts/build-kernels.mjs: WebAssembly with 128-bit vectors, in base64.\n\n` +
    `/** SHA-256 of the kernels.wat it was made from. */\n` +
    `export const KERNELS_SOURCE_HASH = '${createHash('sha256').update(text).digest('hex')}';\n\n` +
    `export const KERNELS_BASE64 =\n${lines.join(' +\n')};\n`,
);
