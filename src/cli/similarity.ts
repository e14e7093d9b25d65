// `sandglass similarity`: how alike are these two?
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type QueryInput, SandglassError, similarity } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { finiteNumber } from './option-values.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tableText } from './table.ts';
import { printable } from './terminal.ts';

interface SimilarityFlags {
  readonly texts?: boolean;
  readonly method?: string;
  readonly threshold?: number;
  readonly json?: boolean;
}

export function similarityCommand(): CommandDefinition {
  const command = new Command('similarity')
    .description('Score two files (or two texts) by every method; the cosine of their two codes first.')
    .argument('<a>', 'a file')
    .argument('<b>', 'another file')
    .addOption(new Option('--texts', 'a and b are texts, not files'))
    .addOption(new Option('-m, --method <name>', 'only this method'))
    .addOption(
      new Option(
        '--threshold <score>',
        'exit 0 when alike by at least this score, 1 when not (needs --method)',
      ).argParser(finiteNumber),
    )
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass similarity draft.md final.md
  $ sandglass similarity --texts "a red car" "the car is red"
  $ sandglass similarity a.jpg b.jpg --method phash --threshold 0.7 && echo same

The codes are those of the index that is found upward from the working directory (or --index); without one,
the plain methods answer alone.`,
    );
  return {
    command,
    async run(command) {
      const flags = command.opts<SimilarityFlags>();
      const session = new Session(command);
      if (flags.threshold !== undefined && flags.method === undefined) {
        throw new SandglassError(
          'SETTING_INVALID',
          'Expected --method beside --threshold: scores of different methods cannot share a threshold.',
        );
      }
      const [a, b] = command.args.map(
        (argument): QueryInput => (flags.texts ? { text: argument } : { file: resolve(argument) }),
      ) as [QueryInput, QueryInput];
      const index = session.indexDirectory() === undefined ? undefined : await session.open();
      try {
        const result = await similarity(a, b, {
          ...(index ? { index } : {}),
          ...(flags.method === undefined ? {} : { method: flags.method }),
        });
        for (const note of result.notes) session.notice(printable(note));
        if (flags.json) session.printJson(result);
        else {
          const rows = result.scores.map(({ method, score, distance, unit }) => [
            method,
            score.toFixed(4),
            `${Number(distance.toFixed(4))} ${unit}`,
          ]);
          session.print(
            tableText(
              [
                ['method', 'left'],
                ['score', 'right'],
                ['distance', 'right'],
              ],
              rows,
            ),
          );
        }
        if (flags.threshold === undefined) return EXIT.ok;
        return (result.scores[0]?.score ?? 0) >= flags.threshold ? EXIT.ok : EXIT.none;
      } finally {
        await index?.close();
      }
    },
  };
}
