// Assembles src/image/kernels.wat into src/image/kernels-binary.ts. Run it after every change of kernels.wat.
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const source = new URL('../src/image/kernels.wat', import.meta.url);
const target = new URL('../src/image/kernels-binary.ts', import.meta.url);
const LINE = 110;

const { parseWat } = await wabt();
const module = parseWat('kernels.wat', readFileSync(source, 'utf8'), { simd: true });
module.validate();
const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')).map((line) => `  '${line}'`);
writeFileSync(
  target,
  `// kernels.wat, assembled by scripts/build-kernels.mjs: WebAssembly with 128-bit vectors, in base64.\n\n` +
    `export const KERNELS_BASE64 =\n${lines.join(' +\n')};\n`,
);
