// `sandglass gc`: remove what nobody needs any more, and give the space back.
import { Command, Option } from 'commander';
import type { CollectedGarbage } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { waitOption } from './option-values.ts';
import { bytes, count, duration } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';

export function gcCommand(): CommandDefinition {
  const command = new Command('gc')
    .description('Remove what nobody needs any more – overtaken encoders, left-over files – and give the space back.')
    .addOption(waitOption())
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText('after', '\nExamples:\n  $ sandglass gc\n  $ sandglass gc --json');
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<{ wait: number; json?: boolean }>();
      const session = new Session(command);
      const index = await session.open('write');
      try {
        session.progress.update('collecting what nobody needs');
        const result = await index.collectGarbage({ waitSeconds: flags.wait, signal });
        session.progress.clear();
        if (flags.json) session.printJson(result);
        else session.print(garbageText(result));
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

function garbageText({ removed, bytes: won, seconds }: CollectedGarbage): string {
  const { encoders, graphs, unfinished, words, thumbnails, checks } = removed;
  const parts = [
    [encoders, 'encoders'],
    [graphs, 'graphs'],
    [unfinished, 'unfinished files'],
    [words, 'words'],
    [thumbnails, 'thumbnails'],
    [checks, 'remembered checks of pictures'],
  ] as const;
  const what = parts.flatMap(([n, name]) => (n === 0 ? [] : [`${count(n)} ${name}`])).join(', ');
  return `${what === '' ? 'nothing' : what} removed; ${bytes(Math.max(0, won.total))} won  (${duration(seconds)})`;
}
