// Runs a contestant in a process of its own, and whole commands; Python ones where Python has what they import.
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sample } from './rounds.ts';

const run = promisify(execFile);
const FOLDER = join(import.meta.dirname, 'contestants');
const MOST_OUTPUT = 64 * 2 ** 20;

/** The Python that peers run in. */
export const PYTHON = process.env.SANDGLASS_PYTHON ?? 'python3';

/** Runs `contestants/<script>`, whose last line of output is a {@link Sample} as JSON. */
export async function runContestant(script: string, ...values: string[]): Promise<Sample> {
  const command = script.endsWith('.py') ? PYTHON : process.execPath;
  const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const { stdout } = await run(command, [...loader, join(FOLDER, script), ...values], { maxBuffer: MOST_OUTPUT });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Sample;
}

/** Runs a whole command with Node, its start included; exit code 1 (no hits) is no failure. */
export function runNode(...values: string[]): Promise<Sample> {
  return runCommand(process.execPath, ...values);
}

/** Runs a whole command, as {@link runNode} does. */
export async function runCommand(command: string, ...values: string[]): Promise<Sample> {
  const before = childrenCpuSeconds();
  const began = performance.now();
  try {
    await run(command, values, { maxBuffer: MOST_OUTPUT });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 1) throw error;
  }
  const seconds = (performance.now() - began) / 1000;
  const after = childrenCpuSeconds();
  return { seconds, ...(before === undefined || after === undefined ? {} : { cpuSeconds: after - before }) };
}

/** Why the Python modules cannot be used, or undefined when they can. */
export function missingModules(...modules: string[]): string | undefined {
  try {
    execFileSync(PYTHON, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${PYTHON} has no ${modules.join(' and ')} (name another with SANDGLASS_PYTHON)`;
  }
}

/** The versions of Python packages, for the record; '' when they are not there. */
export function pythonVersions(...distributions: string[]): string {
  const program = `import sys, importlib.metadata as m
print("Python " + sys.version.split()[0], *(d + " " + m.version(d) for d in sys.argv[1:]), sep=", ")`;
  try {
    return execFileSync(PYTHON, ['-c', program, ...distributions], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}

/** Processor seconds of the children that have ended, in hundredths; undefined where there is no /proc (proc(5), stat). */
function childrenCpuSeconds(): number | undefined {
  try {
    // The second field, the name, may hold spaces; the 16th and 17th are the children's user and system time.
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return undefined;
  }
}
