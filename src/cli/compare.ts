// `sandglass compare`: does the clever way beat the plain one on my files?
import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Comparison, SandglassError } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { collect, wholeNumber } from './option-values.ts';
import { count } from './progress.ts';
import { nearPath } from './query.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tablesInWidth } from './table.ts';
import { wrap } from './wrap.ts';

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

function comparisonText({ report, rows: [heads = [], ...rows] }: Comparison, { out }: Session): string {
  const known = report.protocol === 'label-free';
  const main = heads.indexOf(known ? 'MRR' : 'mAP');
  const sorted = [...rows].sort((a, b) => Number(b[main]) - Number(a[main]));
  const best = sorted[0]?.[main];
  const lines = [
    `${known ? 'Corrupted copies: who finds the original?' : 'Labelled: who puts the same class first?'}  ${count(report.queries)} queries over ${count(report.items)} items, seed ${report.seed}`,
    '',
    tablesInWidth(
      columnsOf(heads, out),
      sorted.map((row) => (row[main] === best ? row.map((cell) => out.style('bold', cell)) : row)),
      out.tableWidth,
    ),
    '',
  ];
  if (report.methods[0]?.perKind) {
    const names = sorted.map(([name]) => name);
    const methods = [...report.methods].sort((a, b) => names.indexOf(a.method) - names.indexOf(b.method));
    lines.push(kindTable(methods, out), '');
  }
  return [...lines, wrap(report.headline, out.tableWidth)].join('\n');
}

/** Mean reciprocal rank of each method by kind of corruption; those that encoders never practised are marked. */
function kindTable(methods: Comparison['report']['methods'], out: Session['out']): string {
  const kinds = methods[0]?.perKind ?? [];
  const nameOf = ({ kind, seen }: (typeof kinds)[number]): string => `${kind}${seen ? '' : ' *'}`;
  const figure = (method: (typeof methods)[number], place: number) => (method.perKind?.[place]?.mrr ?? 0).toFixed(3);
  const title = 'MRR by corruption';
  // as few columns as may be
  const table =
    methods.length > kinds.length
      ? tablesInWidth(
          columnsOf([title, ...kinds.map(nameOf)], out),
          methods.map((method) => [method.method, ...kinds.map((_, place) => figure(method, place))]),
          out.tableWidth,
        )
      : tablesInWidth(
          columnsOf([title, ...methods.map(({ method }) => method)], out),
          kinds.map((kind, place) => [nameOf(kind), ...methods.map((method) => figure(method, place))]),
          out.tableWidth,
        );
  return `${table}\n* held out: no encoder was trained with this corruption`;
}

function columnsOf(heads: readonly string[], out: Session['out']): [head: string, align: 'left' | 'right'][] {
  return heads.map((head, column) => [out.style('dim', head), column === 0 ? 'left' : 'right']);
}
