// `npm run readme`: runs every `$ sandglass …` of the READMEs after a demo and writes what it printed below it.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILES = ['README.md', 'README.zh.md'];

/** One command and what it printed, in a block of its own. */
const EXAMPLE = /^```console\n\$ sandglass (.+)\n[\s\S]*?^```$/gm;

const printed = new Map<string, string>();
for (const file of FILES) {
  const path = join(ROOT, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(
      EXAMPLE,
      (_, command: string) => `\`\`\`console\n$ sandglass ${command}\n${outputOf(command)}\n\`\`\``,
    ),
  );
}

function outputOf(command: string): string {
  const known = printed.get(command);
  if (known !== undefined) return known;
  const args = (command.match(/'[^']*'|\S+/g) ?? []).map((argument) => argument.replaceAll("'", ''));
  const index = args[args.indexOf('--index') + 1];
  if (args[0] === 'index' && index?.startsWith('demo/')) rmSync(join(ROOT, index), { recursive: true, force: true });
  process.stderr.write(`$ sandglass ${command}\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`sandglass ${command} ended with exit code ${status}:\n${stderr}`);
  // No README tells where it was made.
  const output = stdout
    .replaceAll(ROOT, '/home/me/sandglass/')
    .replaceAll(homedir(), '/home/me')
    .replaceAll(/ +$/gm, '')
    .trimEnd();
  printed.set(command, output);
  return output;
}
