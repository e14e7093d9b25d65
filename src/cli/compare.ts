// `sandglass compare`: does the clever way beat the plain one on my files?
import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Comparison, SandglassError } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { collect, wholeNumber } from './option-values.ts';
import { bytes, count } from './progress.ts';
import { nearPath } from './query.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tableText } from './table.ts';

interface CompareFlags {
  readonly labels: string;
  readonly queries?: string;
  readonly methods?: string[];
  readonly kind?: 'text' | 'image';
  readonly sample: number;
  readonly seed: number;
  readonly report?: string;
  readonly json?: boolean;
}

export function compareCommand(): CommandDefinition {
  const command = new Command('compare')
    .description('Ask the same queries by several methods and measure which finds better.')
    .addOption(
      new Option(
        '--labels <source>',
        'none: corrupted copies of your own files, who finds the original? folders: the parent folder is the class; or a file of path<TAB>label lines',
      ).default('none'),
    )
    .addOption(new Option('--queries <folder>', 'with labels: ask with these files instead of the indexed ones'))
    .addOption(new Option('-m, --methods <name>', 'only this method (repeat for more)').argParser(collect))
    .addOption(
      new Option('--kind <kind>', 'documents or pictures (default: what the index has more of)').choices([
        'text',
        'image',
      ]),
    )
    .addOption(new Option('--sample <count>', 'how many items to ask with').argParser(wholeNumber(1)).default(200))
    .addOption(
      new Option('--seed <number>', 'seed of samples, corruptions and intervals')
        .argParser(wholeNumber(0, 0xffffffff))
        .default(1234),
    )
    .addOption(new Option('--report <file.html>', 'write one self-contained page with charts and examples'))
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass compare
  $ sandglass compare --labels folders --report report.html
  $ sandglass compare --labels classes.tsv --queries ~/test-set --methods ae --methods tfidf`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<CompareFlags>();
      if (flags.queries !== undefined && flags.labels === 'none') {
        throw new SandglassError(
          'SETTING_INVALID',
          'Expected --labels folders or --labels file.tsv beside --queries: without labels the queries are made of the indexed files.',
        );
      }
      const session = new Session(command);
      if (flags.report !== undefined) checkReport(flags.report);
      const index = await session.open();
      try {
        const comparison = await index.compare({
          labels:
            flags.labels === 'none' || flags.labels === 'folders' ? flags.labels : { file: resolve(flags.labels) },
          sample: flags.sample,
          seed: flags.seed,
          html: flags.report !== undefined,
          signal,
          onProgress: ({ done, total }) => session.progress.update(`comparing  ${count(done)}/${count(total)}`),
          ...(flags.queries === undefined ? {} : { queries: resolve(flags.queries) }),
          ...(flags.methods === undefined ? {} : { methods: flags.methods }),
          ...(flags.kind === undefined ? {} : { kind: flags.kind }),
        });
        session.progress.clear();
        if (flags.report !== undefined && comparison.html !== undefined) writeReport(flags.report, comparison.html);
        if (flags.json) session.printJson(comparison.report);
        else session.print(comparisonText(comparison, session));
        if (flags.report !== undefined) session.notice(`report: ${nearPath(resolve(flags.report))}`);
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

/** Before the work of minutes whose result could not be kept. */
function checkReport(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder');
    accessSync(existsSync(path) ? path : dirname(resolve(path)), constants.W_OK);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function writeReport(path: string, html: string): void {
  try {
    writeFileSync(path, html);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): SandglassError {
  return new SandglassError('OUTPUT_UNWRITABLE', `The report ${path} cannot be written: ${(cause as Error).message}`, {
    path,
    cause,
  });
}

function comparisonText({ report }: Comparison, session: Session): string {
  const { out } = session;
  const rows: string[][] = [];
  const best = Math.max(...report.methods.map((method) => method.map));
  for (const method of report.methods) {
    const figures = [
      ...(['1', '10', '100'] as const).map((k) => method.precisionAt[k]),
      ...(['1', '10', '100'] as const).map((k) => method.recallAt[k]),
      method.map,
      method.mrr,
    ].map((value) => value.toFixed(3));
    const row = [
      method.method,
      ...figures,
      method.intervals.mrr.map((value) => value.toFixed(3)).join('–'),
      bytes(Math.round(method.bytesPerItem)),
      method.msPerQuery.toFixed(2),
    ];
    rows.push(method.map === best ? row.map((cell) => out.style('bold', cell)) : row);
  }
  const heads = [
    'method',
    'P@1',
    'P@10',
    'P@100',
    'R@1',
    'R@10',
    'R@100',
    'mAP',
    'MRR',
    '(95 % interval)',
    'bytes/item',
    'ms/query',
  ];
  const lines = [
    `${report.protocol === 'labelled' ? 'Labelled' : 'Corrupted copies: who finds the original?'}  ${count(report.queries)} queries over ${count(report.items)} items, seed ${report.seed}`,
    '',
    tableText(
      heads.map((head, column) => [out.style('dim', head), column === 0 ? 'left' : 'right']),
      rows,
    ),
    '',
    report.headline,
  ];
  const kinds = report.methods[0]?.perKind;
  if (kinds) lines.splice(4, 0, kindTable(report, out), '');
  return lines.join('\n');
}

/** Mean reciprocal rank of each method by kind of corruption; those that encoders never practised are marked. */
function kindTable(report: Comparison['report'], out: Session['out']): string {
  const heads = ['MRR by corruption', ...report.methods.map(({ method }) => method)];
  const rows = (report.methods[0]?.perKind ?? []).map(({ kind, seen }, row) => [
    `${kind}${seen ? '' : ' *'}`,
    ...report.methods.map(({ perKind }) => (perKind?.[row]?.mrr ?? 0).toFixed(3)),
  ]);
  const table = tableText(
    heads.map((head, column) => [out.style('dim', head), column === 0 ? 'left' : 'right']),
    rows,
  );
  return `${table}\n* held out: no encoder was trained with this corruption`;
}
