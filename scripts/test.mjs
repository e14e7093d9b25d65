// `npm test`: every check, the cheapest first; stops at the first that fails and names it. Arguments: a folder of data
// sets for the tests that need one (else SANDGLASS_DATA), and anything else is passed to jest.
// Ends with one line, 'N passed, N failed, N skipped', counted by jest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/sandglass');
const RESULTS = join(CACHE, 'jest.json');
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

const given = process.argv.slice(2);
const onlyTests = given.includes('--only-tests');
const dataFolder = given.find((argument) => isFolder(argument) && !resolve(argument).startsWith(join(ROOT, 'test')));
const forJest = given.filter((argument) => argument !== dataFolder && argument !== '--only-tests');
const environment = dataFolder === undefined ? process.env : { ...process.env, SANDGLASS_DATA: resolve(dataFolder) };

/** What is run: the title, and a script of a package with its arguments. */
const STEPS = [
  ['build', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']],
  ['page', ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn']],
  ...(onlyTests
    ? []
    : [
        ['types', ['node_modules/typescript/bin/tsc']],
        ['types of the page', ['node_modules/typescript/bin/tsc', '-p', 'web']],
        ['lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']],
        [
          'arrows',
          ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', 'src', '--config', '.dependency-cruiser.cjs'],
        ],
        ['unused', ['node_modules/knip/bin/knip.js']],
        ['package', ['node_modules/publint/src/cli.js', '--strict']],
        ['api', ['node_modules/typedoc/bin/typedoc', '--logLevel', 'Warn', '--out', join(CACHE, 'api')]],
      ]),
  ['tests', [...JEST, '--json', '--outputFile', RESULTS, ...forJest]],
];

mkdirSync(CACHE, { recursive: true });
rmSync(RESULTS, { force: true });
const failed = STEPS.find(([title, script]) => {
  const began = performance.now();
  console.log(`▸ ${title}`);
  // jest prints its JSON nowhere but in the file.
  const { status } = spawnSync(process.execPath, script, { cwd: ROOT, env: environment, stdio: 'inherit' });
  if (status === 0) console.log(`  ${title} passed in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return status !== 0;
});
if (failed) {
  console.log(`\nFAILED: ${failed[0]} (node ${failed[1].join(' ')})`);
  process.exitCode = 1;
}
console.log(closingLine());

/** Counted by jest alone. A file of tests that could not even start counts as one failure. */
function closingLine() {
  if (!existsSync(RESULTS)) return '0 passed, 0 failed, 0 skipped';
  const results = JSON.parse(readFileSync(RESULTS, 'utf8'));
  const broken = results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed, ${skipped} skipped`;
}

function isFolder(path) {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
