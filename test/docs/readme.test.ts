// The READMEs: their example runs, both say the same, and what they name exists.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const ENGLISH = readFileSync(join(ROOT, 'README.md'), 'utf8');
const CHINESE = readFileSync(join(ROOT, 'README.zh.md'), 'utf8');

describe('README.md', () => {
  it('has an example of the library that runs as it stands', () => {
    const [example] = blocks(ENGLISH, 'js');
    const folder = mkdtempSync(join(tmpdir(), 'sandglass-readme-'));
    try {
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(ROOT, join(folder, 'node_modules/sandglass'), 'junction');
      mkdirSync(join(folder, 'notes'));
      writeFileSync(join(folder, 'notes/harbour.txt'), 'Two ships lay in the harbour and waited for the tide.');
      writeFileSync(join(folder, 'notes/bread.txt'), 'Flour, water, salt and time: the oven does the rest.');
      writeFileSync(join(folder, 'example.mjs'), example!);
      const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
      const [first, second] = printed.split('\n');
      expect(first).toBe('2 files added');
      expect(second).toMatch(/^1 0\.\d{3} .*harbour\.txt tfidf$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('links to files that are there', () => {
    for (const text of [ENGLISH, CHINESE])
      for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
        expect([target, existsSync(join(ROOT, target!))]).toEqual([target, true]);
  });

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const text of [ENGLISH, CHINESE, readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')])
      for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(name);
  });

  it('tells nothing about the machine it was made on', () => {
    for (const text of [ENGLISH, CHINESE]) expect(text).not.toMatch(/\/(work|root|tmp|Users)\//);
  });
});

describe('README.zh.md', () => {
  it('has the headings of README.md, level by level', () => {
    const levels = (text: string) => withoutBlocks(text).match(/^#+(?= )/gm);
    expect(levels(CHINESE)).toEqual(levels(ENGLISH));
  });

  it('has the same commands, outputs and examples', () => {
    for (const language of ['sh', 'console', 'js'])
      expect(blocks(CHINESE, language)).toEqual(blocks(ENGLISH, language));
  });

  it('has as many rows in its tables, items in its lists and links to files', () => {
    for (const shape of [/^\|/gm, /^- /gm, /^\d+\. /gm, /\]\((?!README)[\w./]+\)/g]) {
      expect([shape, withoutBlocks(CHINESE).match(shape)?.length]).toEqual([
        shape,
        withoutBlocks(ENGLISH).match(shape)?.length,
      ]);
    }
  });
});

/** The blocks of code in a language; comments of a shell are in the language of the reader. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) =>
    language === 'sh' ? code!.replace(/ +#.*$/gm, '') : code!,
  );
}

function withoutBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
