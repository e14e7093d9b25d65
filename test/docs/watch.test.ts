// What docs/watch.md gives to be copied is right: a unit that systemd takes, a property list that is one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'htmlparser2';

const DOCUMENT = readFileSync(resolve(import.meta.dirname, '../../docs/watch.md'), 'utf8');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(DOCUMENT)?.[1];
  if (found === undefined) throw new Error(`docs/watch.md has no block of ${language}`);
  return found;
}

describe('docs/watch.md', () => {
  (hasSystemd ? it : it.skip)('has a unit that systemd-analyze verifies', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandglass-unit-'));
    try {
      const unit = join(folder, 'sandglass-watch.service');
      writeFileSync(unit, block('ini'));
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', unit], {
        encoding: 'utf8',
        env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder },
      });
      const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('sandglass'));
      expect(said).toEqual([]);
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('has a property list whose keys all have a value', () => {
    const text = block('xml');
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE plist PUBLIC /);
    const open = [...text.matchAll(/<([a-z]+)(?: [^>]*)?>/g)].map(([, name]) => name!);
    const closed = [...text.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name!);
    expect(open.sort()).toEqual(closed.sort());
    const elements = (node: { children?: unknown[] }) =>
      (node.children ?? []).filter((child) => (child as { type: string }).type === 'tag') as unknown as Element[];
    type Element = { name: string; children: unknown[] };
    const check = (dict: Element): void => {
      elements(dict).forEach((element, i) => {
        if (i % 2 === 0) expect(element.name).toBe('key');
        else expect(['string', 'array', 'true', 'false', 'dict', 'integer']).toContain(element.name);
        if (element.name === 'dict') check(element);
      });
      expect(elements(dict).length % 2).toBe(0);
    };
    const [plist] = elements(parseDocument(text, { xmlMode: true }));
    expect(plist?.name).toBe('plist');
    check(elements(plist!)[0]!);
    expect(text).toContain('<string>org.sandglass.watch</string>');
  });

  it('names only options that sandglass watch has', () => {
    const named = new Set([...DOCUMENT.matchAll(/(?<=[`( ])--[a-z-]+/g)].map(([option]) => option));
    const main = resolve(import.meta.dirname, '../../dist/cli/main.js');
    const help = ['watch', 'index']
      .map((name) => spawnSync(process.execPath, [main, name, '--help'], { encoding: 'utf8' }).stdout)
      .join();
    const ofSystemd = ['--user', '--now'];
    expect([...named].filter((option) => !help.includes(option) && !ofSystemd.includes(option))).toEqual([]);
  });
});
