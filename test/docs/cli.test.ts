// docs/cli.md names every command, option and exit code of the command, and no other.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
const COMMANDS = [...help().matchAll(/^ {2}([a-z]+)(?:\|\w+)? .*$/gm)]
  .map(([, name]) => name!)
  .filter((name) => name !== 'help');

describe('docs/cli.md', () => {
  it('has a section for every command', () => {
    expect(COMMANDS.length).toBeGreaterThan(5);
    for (const name of COMMANDS) expect(DOCUMENT).toMatch(new RegExp(`^## .*\`sandglass ${name}`, 'm'));
  });

  it.each(COMMANDS)('names the options of %s and no others', (name) => {
    const named = [...documented(`\`sandglass ${name}`), ...documented('Options of every command')];
    expect(named.sort()).toEqual([...options(help(name)), '--help'].sort());
  });
});

function help(...command: string[]): string {
  return execFileSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...command, '--help'], { encoding: 'utf8' });
}

function options(text: string): string[] {
  return [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)]
    .map(([, option]) => option!)
    .filter((name) => name !== '--help');
}

/** The options in the tables of a section. */
function documented(section: string): string[] {
  return [...sectionOf(section).matchAll(/^\| `(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, option]) => option!);
}

/** From a heading that contains the words to the next of the same level. */
function sectionOf(words: string): string {
  const section = DOCUMENT.split(/^(?=## )/m).find((part) => part.split('\n', 1)[0]!.includes(words));
  if (section === undefined) throw new Error(`docs/cli.md has no section ${words}`);
  return section;
}
