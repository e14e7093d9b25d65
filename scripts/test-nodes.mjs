// `npm run test:nodes`: builds and tests the project under other versions of Node, each in a copy with native modules of
// its own. Versions: arguments, else 22 and 24. npm's node-<platform>-<arch> packages carry Node and its headers.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/sandglass/nodes');
const WINDOWS = process.platform === 'win32';
const NODE_PACKAGE = `node-${WINDOWS ? 'win' : process.platform}-${process.arch}`;
/** Data sets stand beside the project; the copies are elsewhere. */
const DATA = process.env.SANDGLASS_DATA ?? join(ROOT, '../shared/data');

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];
const outcomes = versions.map((version) => {
  const node = installNode(version);
  const copy = copyProject();
  try {
    return { version: node.version, ...test(node, copy) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
console.log('');
for (const { version, step, passed } of outcomes)
  console.log(`Node ${version}: ${passed ? 'passed' : `FAILED in ${step}`}`);
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1;

/** Installs Node from npm, once; a folder with `bin/` and, except on Windows, `include/`. */
function installNode(version) {
  const folder = join(CACHE, version);
  mkdirSync(folder, { recursive: true });
  const installed = join(folder, 'node_modules', NODE_PACKAGE);
  if (!existsSync(installed)) {
    npm(['install', '--prefix', folder, '--no-save', '--no-package-lock', `${NODE_PACKAGE}@${version}`], {
      cwd: folder,
    });
  }
  const bin = WINDOWS ? join(installed, 'bin/node.exe') : join(installed, 'bin/node');
  return { folder: installed, bin, version: execFileSync(bin, ['--version'], { encoding: 'utf8' }).trim().slice(1) };
}

/** A copy of what git knows or would know, without what was built. */
function copyProject() {
  const copy = mkdtempSync(join(tmpdir(), 'sandglass-nodes-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  return copy;
}

function test({ folder, bin, version }, copy) {
  console.log(`\n▸ Node ${version}`);
  const environment = {
    ...process.env,
    PATH: `${dirname(bin)}${delimiter}${process.env.PATH}`,
    SANDGLASS_DATA: DATA,
    // Half the time to compile SQLite, and still fast.
    CFLAGS: '-O1',
    CXXFLAGS: '-O1',
    // Headers of this very Node, where npm carries them; node-gyp fetches them otherwise.
    ...(existsSync(join(folder, 'include')) ? { npm_config_nodedir: folder } : {}),
  };
  const options = { cwd: copy, env: environment };
  if (!npm(['ci', '--prefer-offline', '--no-audit', '--no-fund'], options)) return { step: 'npm ci', passed: false };
  // The lock has better-sqlite3 12, for Node 20; compiled for Node 24.19 or newer it aborts. An installation without the
  // lock takes 13 there, which wants Node 22.
  const major = Number(execFileSync(bin, ['-p', 'process.versions.node'], { encoding: 'utf8' }).split('.')[0]);
  if (major >= 24 && !npm(['install', '--no-save', '--no-audit', '--no-fund', 'better-sqlite3@13'], options))
    return { step: 'the installation of better-sqlite3 13', passed: false };
  const { status } = spawnSync(bin, ['scripts/test.mjs', '--only-tests'], { ...options, stdio: 'inherit' });
  return { step: 'the tests', passed: status === 0 };
}

function npm(args, options) {
  // npm is a script: run by the Node that is first in PATH, through a shell only where the system needs one.
  return spawnSync('npm', args, { ...options, stdio: 'inherit', shell: WINDOWS }).status === 0;
}
