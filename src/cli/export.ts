// `sandglass export`: the index as files that other programs read.
import { Command, Option } from 'commander';
import type { ExportSummary } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { bytes, count, duration } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tableText } from './table.ts';
import { printable } from './terminal.ts';

export function exportCommand(): CommandDefinition {
  const command = new Command('export')
    .description('Write the index as JSON lines, NumPy arrays and ONNX models, for other programs and for import.')
    .argument('<destination>', 'a folder that is made; nothing may be there')
    .addOption(new Option('--no-text', 'leave out the texts of documents, their words stay'))
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass export ./notes-export
  $ python -c "import numpy; print(numpy.load('notes-export/codes/text-ae.npy').shape)"
  $ sandglass import ./notes-export --index ./copy`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<{ text: boolean; json?: boolean }>();
      const session = new Session(command);
      const index = await session.open();
      try {
        const summary = await index.export(command.args[0]!, {
          text: flags.text,
          signal,
          onProgress: (what, done, total) => session.progress.update(`writing ${what}  ${count(done)}/${count(total)}`),
        });
        session.progress.clear();
        for (const note of summary.notes) session.notice(printable(note));
        if (flags.json) session.printJson(summary);
        else session.print(summaryText(summary));
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

function summaryText({ directory, items, encoders, codes, bytes: size, seconds }: ExportSummary): string {
  const table = tableText(
    [
      ['codes', 'left'],
      ['rows', 'right'],
      ['length', 'right'],
    ],
    codes.map(({ file, rows, length }) => [printable(file), count(rows), count(length)]),
  );
  const what = `${count(items)} items, ${count(encoders)} encoder${encoders === 1 ? '' : 's'}, ${bytes(size)}`;
  return `${codes.length > 0 ? `${table}\n` : ''}${printable(directory)}: ${what}  (${duration(seconds)})`;
}
