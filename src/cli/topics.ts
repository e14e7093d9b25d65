// `sandglass topics`: what is the collection about?
import { Command, Option } from 'commander';
import type { Topics } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
import { count } from './progress.ts';
import { nearPath } from './query.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tableText, widthOf } from './table.ts';
import { printable } from './terminal.ts';

interface TopicsFlags {
  readonly clusters?: number;
  readonly words: number;
  readonly seed: number;
  readonly dimensions?: boolean;
  readonly json?: boolean;
}

export function topicsCommand(): CommandDefinition {
  const command = new Command('topics')
    .description(
      'What the documents are about: clusters of their codes, named by the words the decoder expects in them.',
    )
    .addOption(
      new Option('--clusters <count>', 'how many clusters (default: by the number of documents)').argParser(
        wholeNumber(1, 1_000),
      ),
    )
    .addOption(new Option('--words <count>', 'words that name each').argParser(wholeNumber(1, 100)).default(8))
    .addOption(new Option('--dimensions', 'name the dimensions of the code too'))
    .addOption(
      new Option('--seed <number>', 'seed of the clusters').argParser(wholeNumber(0, 0xffffffff)).default(1234),
    )
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText('after', '\nExamples:\n  $ sandglass topics\n  $ sandglass topics --clusters 12 --json');
  return {
    command,
    async run(command) {
      const flags = command.opts<TopicsFlags>();
      const session = new Session(command);
      const index = await session.open();
      try {
        const topics = await index.topics({
          words: flags.words,
          seed: flags.seed,
          ...(flags.clusters === undefined ? {} : { clusters: flags.clusters }),
        });
        if (flags.json) session.printJson(topics);
        else {
          session.print(clusterTable(topics, session.out));
          if (flags.dimensions) session.print(`\n${dimensionTable(topics)}`);
        }
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

function clusterTable({ clusters }: Topics, out: Session['out']): string {
  const rows = clusters.map(({ size, words, examples }) => [
    count(size),
    printable(words.join(', ')),
    printable(examples[0] === undefined ? '' : nearPath(examples[0].path)),
  ]);
  const columns = [
    ['documents', 'right'],
    ['about', 'left'],
    ['for example', 'left'],
  ] as const;
  const table = tableText(columns, rows);
  if (widthOf(table) <= out.tableWidth) return table;
  return tableText(
    columns.slice(0, 2),
    rows.flatMap(([size, words, example]) => [
      [size!, words!],
      ['', out.style('dim', example!)],
    ]),
  );
}

function dimensionTable({ dimensions }: Topics): string {
  return tableText(
    [
      ['dimension', 'right'],
      ['where it is high', 'left'],
      ['where it is low', 'left'],
    ],
    dimensions.map(({ dimension, high, low }) => [
      String(dimension),
      printable(high.join(', ')),
      printable(low.join(', ')),
    ]),
  );
}
