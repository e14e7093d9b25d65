// Programs that read documents on their own, to compare the readers with: one a format.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { textOfPandoc } from './pandoc-text.ts';

export interface Extractor {
  /** What is shown in the table. */
  readonly name: string;
  /** A command that succeeds where the program is there. */
  readonly probe: readonly string[];
  /** The format of the documents that are turned into this one first, where there are too few of its own. */
  readonly madeFrom?: string;
  /** The text of the file at `path`; undefined when the program does not read it. */
  extract(path: string): string | undefined;
}

const MOST_SECONDS = 20;

const poppler: Extractor = {
  name: 'pdftotext',
  probe: ['pdftotext', '-v'],
  extract: (path) => output('pdftotext', [path, '-']),
};

const antiword: Extractor = {
  name: 'antiword (made by LibreOffice)',
  probe: ['antiword', '-h'],
  madeFrom: 'docx',
  extract: (path) => output('antiword', ['-m', 'UTF-8.txt', '-w', '0', path]),
};

/** Sheets are written as comma-separated values by LibreOffice, one file a sheet. */
const values: Extractor = {
  name: 'LibreOffice',
  probe: ['soffice', '--version'],
  extract(path) {
    const folder = convert(
      [path],
      'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1',
      tmpdir(),
    );
    try {
      return readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Slides are printed by LibreOffice, and the print is read by pdftotext. */
const print: Extractor = {
  name: 'LibreOffice, pdftotext',
  probe: ['soffice', '--version'],
  extract(path) {
    const folder = convert([path], 'pdf', tmpdir());
    try {
      const [printed] = readdirSync(folder);
      return printed === undefined ? undefined : output('pdftotext', [join(folder, printed), '-']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function pandoc(format: string): Extractor {
  return {
    name: 'pandoc',
    probe: ['pandoc', '--version'],
    extract(path) {
      const json = output('pandoc', ['--from', format, '--to', 'json', path]);
      return json === undefined ? undefined : textOfPandoc(json);
    },
  };
}

/** By format, as its files' names end. */
export const EXTRACTORS: Readonly<Record<string, Extractor>> = {
  pdf: poppler,
  docx: pandoc('docx'),
  doc: antiword,
  odt: pandoc('odt'),
  rtf: pandoc('rtf'),
  epub: pandoc('epub'),
  fb2: pandoc('fb2'),
  html: pandoc('html'),
  md: pandoc('gfm'),
  ods: values,
  odp: print,
  pptx: print,
  xlsx: values,
};

/** Whether the program can be run here. */
export function isThere({ probe: [program = '', ...args] }: Extractor): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).error === undefined;
}

/** LibreOffice turns the files into others of that format. @returns the folder with them; empty without LibreOffice */
export function convert(paths: readonly string[], format: string, folder: string): string {
  const converted = mkdtempSync(join(folder, 'sandglass-check-'));
  const profile = `-env:UserInstallation=${pathToFileURL(join(converted, 'profile'))}`;
  spawnSync('soffice', [profile, '--headless', '--convert-to', format, '--outdir', converted, ...paths], {
    stdio: 'ignore',
  });
  rmSync(join(converted, 'profile'), { recursive: true, force: true });
  return converted;
}

function output(program: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: MOST_SECONDS * 1_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
