// `sandglass status`: what is in the index, and what could not be read?

import { Command, Option } from 'commander';
import type { Failure, Status } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { bytes, count } from './progress.ts';
import { nearPath } from './query.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tableText, widthOf } from './table.ts';
import { printable } from './terminal.ts';
import { wrap } from './wrap.ts';

export function statusCommand(): CommandDefinition {
  const command = new Command('status')
    .description('What is in the index: items, encoders, sizes, failures, staleness.')
    .addOption(new Option('--failed', 'list the files that could not be read, with the reason, and those read in part'))
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText('after', '\nExamples:\n  $ sandglass status\n  $ sandglass status --failed --json');
  return {
    command,
    async run(command) {
      const flags = command.opts<{ failed?: boolean; json?: boolean }>();
      const session = new Session(command);
      const index = await session.open();
      try {
        const status = await index.status();
        if (flags.failed) {
          const failures = index.failures();
          const partial = index.partlyRead();
          if (flags.json) session.printJson({ schema: 1, failures, partial });
          else if (failures.length + partial.length === 0) session.notice('Every file could be read.');
          else {
            if (failures.length > 0) session.print(failureTable(failures, session.out));
            for (const path of partial) session.print(`read in part, for it is damaged: ${printable(nearPath(path))}`);
          }
          return EXIT.ok;
        }
        if (flags.json) session.printJson(status);
        else session.print(statusText(status));
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

function failureTable(failures: readonly Failure[], out: Session['out']): string {
  const rows = failures.map(
    ({ path, code, message }) => [code, printable(nearPath(path)), printable(message)] as const,
  );
  const table = tableText(
    [
      ['code', 'left'],
      ['file', 'left'],
      ['reason', 'left'],
    ],
    rows,
  );
  if (widthOf(table) <= out.tableWidth) return table;
  return rows
    .map(([code, file, message]) => `${file}\n${out.style('dim', wrap(`${code}  ${message}`, out.width, '  '))}`)
    .join('\n');
}

const MOST_LANGUAGES = 8;

function driftText({ trained, heldOut, added }: NonNullable<Status['drift']>): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const figures = [trained, heldOut, added];
  const unknown = figures.map(({ unknownWords }) => percent(unknownWords)).join(' / ');
  const loss = figures.map((figure) => figure.loss.toFixed(2)).join(' / ');
  return `drift    trained on / held out / new documents: ${unknown} unknown words, ${loss} nats a word lost`;
}

function framesText({ kept, pictures, inner }: Status['frames']): string {
  return kept === 'all'
    ? `frames   all, ${count(inner)} beside the first ones of ${count(pictures)} pictures`
    : `frames   the first of ${count(pictures)} pictures that have several; all with sandglass index --frames all`;
}

/** One line for all codes of floats, where they are compared as floats; otherwise one for each encoder. */
function codeLines(encoders: Status['encoders']): string[] {
  const all = encoders.flatMap(({ kind, method, compared }) =>
    compared === undefined || compared.bytes === 0 ? [] : [{ name: `${kind} ${method}`, ...compared }],
  );
  const shorter = all.filter(({ form }) => form !== 'float32');
  if (shorter.length === 0) {
    const sum = all.reduce((total, compared) => total + compared.bytes, 0);
    return sum === 0 ? [] : [`codes    compared as float32, ${bytes(sum)}; fewer with sandglass index --codes int8`];
  }
  return shorter.map(({ name, form, bytes: taken, floatBytes, recall }) => {
    const found =
      recall === undefined
        ? 'what they find is measured by the next sandglass index'
        : `they find ${recall.toFixed(3)} of the ten nearest`;
    return `codes    ${name}  compared as ${form}, ${bytes(taken)} instead of ${bytes(floatBytes)}; ${found}`;
  });
}

function statusText(status: Status): string {
  const lines = [
    `index    ${printable(status.directory)}  (${bytes(status.bytes)})`,
    `items    ${count(status.items.text)} documents, ${count(status.items.image)} pictures, ${count(status.items.failed)} failed`,
  ];
  if (status.partial > 0)
    lines.push(
      `damaged  ${count(status.partial)} picture${status.partial === 1 ? '' : 's'}, read in part (sandglass status --failed)`,
    );
  if (status.frames.kept === 'all' || status.frames.pictures > 0) lines.push(framesText(status.frames));
  const languages = Object.entries(status.languages).map(([language, n]) => `${language} ${count(n)}`);
  if (languages.length > 0)
    lines.push(
      `texts    ${languages.slice(0, MOST_LANGUAGES).join(', ')}${languages.length > MOST_LANGUAGES ? ', …' : ''}; ${count(status.passages)} passages of long documents`,
    );
  for (const root of status.roots) {
    lines.push(
      `folder   ${printable(root.path)}  ${count(root.items)} items${root.state === 'offline' ? '  OFFLINE' : ''}`,
    );
    if (root.keptOut !== undefined) lines.push(`kept out ${root.keptOut.map(printable).join(', ')}`);
  }
  for (const encoder of status.encoders) {
    // The plain codes of pictures are ready in every index; where there is no picture they say nothing.
    if (encoder.trainedOn === undefined && encoder.codes === 0) continue;
    lines.push(
      `encoder  ${encoder.kind} ${encoder.method}  ${encoder.dimensions} ${encoder.form}  ${encoder.fingerprint.slice(0, 12)}${encoder.trainedOn === undefined ? '' : `  trained on ${count(encoder.trainedOn)}`}${encoder.state === 'active' ? '' : `  (${encoder.state})`}`,
    );
  }
  lines.push(...codeLines(status.encoders));
  for (const [kind, choice] of Object.entries(status.defaults))
    lines.push(`default  ${kind}: ${choice.method} – ${choice.sentence}`);
  if (status.drift) lines.push(driftText(status.drift));
  for (const graph of status.graphs) lines.push(`graph    ${graph}`);
  for (const advice of status.advice) lines.push(`advice   ${advice}`);
  return lines.join('\n');
}
