// `sandglass encoders`: which encoders has the index, import one, remove one.
import { Command, Option } from 'commander';
import {
  type EncoderDescription,
  type EncoderOptions,
  type ImportProgress,
  type ImportSummary,
  SandglassError,
} from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { waitOption, wholeNumber } from './option-values.ts';
import { pictureOptions } from './picture-options.ts';
import { count, duration, progressText } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tablesInWidth } from './table.ts';
import { printable } from './terminal.ts';

interface EncoderFlags extends EncoderOptions {
  readonly name?: string;
  readonly seed: number;
  readonly wait: number;
  readonly json?: boolean;
}

/** Options of `import` alone. */
const IMPORT_ONLY = [
  ...['name', 'model', 'pooling', 'queryPrefix', 'documentPrefix', 'normalize', 'maxTokens'],
  ...pictureOptions().map((option) => option.attributeName()),
] as (keyof EncoderOptions | 'name')[];

export function encodersCommand(): CommandDefinition {
  const command = new Command('encoders');
  command
    .description('List the encoders of an index, import one of your own, or remove it.')
    .argument('[action]', 'list, import or remove (default: list)')
    .argument('[target]', 'import: the folder of the encoder, or an ONNX file; remove: its name')
    .addOption(new Option('--name <name>', "the method's name (default: the folder's)"))
    .addOption(
      new Option('--model <file>', 'the ONNX file in the folder (default: onnx/model.onnx, model.onnx, the only one)'),
    )
    .addOption(
      new Option(
        '--pooling <way>',
        "how the vectors of a text's tokens, or a picture's parts, become one (default: as the folder says)",
      ).choices(['mean', 'cls', 'max']),
    )
    .addOption(new Option('--query-prefix <text>', 'before words that are asked with: "query: " for E5'))
    .addOption(new Option('--document-prefix <text>', 'before documents: "passage: " for E5'))
    .addOption(
      new Option('--normalize', "passages' vectors count alike, whatever their length (default: as the folder says)"),
    )
    .addOption(new Option('--no-normalize', "passages' vectors are averaged as they are"))
    .addOption(
      new Option('--max-tokens <count>', 'most tokens of a passage (default: as the folder says)').argParser(
        wholeNumber(8, 1_000_000),
      ),
    );
  for (const option of pictureOptions()) command.addOption(option);
  command
    .addOption(
      new Option('--seed <number>', 'seed of the check that chooses the default method')
        .argParser(wholeNumber(0, 0xffffffff))
        .default(1234),
    )
    .addOption(waitOption())
    .addOption(new Option('--json', 'one JSON document at the end'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass encoders
  $ sandglass encoders import ./all-MiniLM-L6-v2 --name minilm
  $ sandglass encoders import ./e5-small --query-prefix "query: " --document-prefix "passage: "
  $ sandglass encoders import ./clip-vit-base-patch32 --name clip
  $ sandglass encoders import faces.onnx --side 112 --scale 1 --mean 127.5 --std 127.5
  $ sandglass query --text "tax return" --method minilm
  $ sandglass encoders remove minilm

The folder holds an ONNX model and its tokenizer.json, or one that takes pictures, or an encoder that Sandglass wrote.
Interrupted, the same command goes on, and so does sandglass index.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const [action = 'list', target] = command.args;
      const flags = command.opts<EncoderFlags>();
      const session = new Session(command);
      demandArguments(action, target, flags);
      const index = await session.open(action === 'list' ? 'ask' : 'write');
      try {
        if (action === 'import') {
          const summary = await follow(index.importEncoder(target!, { signal, ...settingsOf(flags) }), session);
          if (flags.json) session.printJson(summary);
          else session.print(summaryText(summary));
        } else if (action === 'remove') {
          await index.removeEncoder(target!, { signal, seed: flags.seed, waitSeconds: flags.wait });
          if (flags.json) session.printJson({ schema: 1, removed: target });
          else session.print(`Removed ${printable(target!)}.`);
        } else {
          const encoders = index.encoders();
          if (flags.json) session.printJson({ schema: 1, encoders });
          else if (encoders.length > 0) session.print(encoderTable(encoders, session.out.tableWidth));
          else session.notice('No encoder was trained or imported yet.');
        }
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

function demandArguments(action: string, target: string | undefined, flags: EncoderFlags): void {
  const invalid = (what: string) => new SandglassError('SETTING_INVALID', `${what} See: sandglass encoders --help`);
  if (!['list', 'import', 'remove'].includes(action))
    throw invalid(`Expected list, import or remove but received "${action}".`);
  if (action === 'list' && target !== undefined) throw invalid(`Expected nothing after list but received "${target}".`);
  if (action === 'import' && target === undefined)
    throw invalid('Expected the folder of an encoder, or an ONNX file, to import.');
  if (action === 'remove' && target === undefined) throw invalid('Expected the name of an encoder to remove.');
  const misplaced = IMPORT_ONLY.find((name) => flags[name] !== undefined);
  if (action !== 'import' && misplaced !== undefined)
    throw invalid(`Expected "${misplaced}" with import only but received it with ${action}.`);
}

function settingsOf({ seed, wait, json: _, ...flags }: EncoderFlags) {
  const given = Object.fromEntries(
    IMPORT_ONLY.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
  );
  return { ...(given as EncoderOptions & Pick<EncoderFlags, 'name'>), seed, waitSeconds: wait };
}

async function follow(events: AsyncIterable<ImportProgress>, session: Session): Promise<ImportSummary> {
  let summary: ImportSummary | undefined;
  for await (const event of events) {
    switch (event.phase) {
      case 'open':
        session.progress.update(`trying ${event.name}`);
        break;
      case 'encode':
        session.progress.update(
          progressText(`encoding ${event.kind}`, event.done, event.total, event.perSecond, event.secondsLeft),
        );
        break;
      case 'check':
        session.progress.update(`checking ${event.kind}: does it beat the others?  ${event.done}/${event.total}`);
        break;
      case 'notice':
        session.notice(printable(event.text));
        break;
      case 'done':
        summary = event.summary;
    }
  }
  session.progress.clear();
  if (!summary) throw new SandglassError('ABORTED', 'Importing ended without a summary.');
  return summary;
}

function summaryText({ encoder, encoded, default: choice, seconds }: ImportSummary): string {
  const { name, kind, dimensions, codes, items } = encoder;
  const lines = [
    `${name}: ${dimensions} numbers a ${kind === 'text' ? 'document' : 'picture'}, ${count(encoded)} encoded, ${count(codes)} of ${count(items)} ready  (${duration(seconds)})`,
  ];
  // What the check says of this encoder, which need not be the reason for the choice.
  if (choice !== undefined) lines.push(choice.verdicts?.[name]?.sentence ?? choice.sentence);
  lines.push(`ask it with: sandglass query --method ${name}`);
  return lines.join('\n');
}

function encoderTable(encoders: readonly EncoderDescription[], width: number): string {
  return tablesInWidth(
    [
      ['id', 'right'],
      ['name', 'left'],
      ['kind', 'left'],
      ['code', 'left'],
      ['fingerprint', 'left'],
      ['state', 'left'],
      ['from', 'left'],
      ['figures', 'left'],
    ],
    encoders.map((encoder) => [
      String(encoder.id),
      printable(encoder.name),
      encoder.kind,
      `${encoder.dimensions} ${encoder.form}`,
      encoder.fingerprint.slice(0, 12),
      encoder.codes === encoder.items
        ? encoder.state
        : `${encoder.state}, ${count(encoder.codes)} of ${count(encoder.items)}`,
      encoder.trainedOn === undefined ? encoder.origin : `${encoder.origin}, trained on ${count(encoder.trainedOn)}`,
      figuresText(encoder.figures),
    ]),
    width,
  );
}

function figuresText({ loss, meanReciprocalRank, against }: EncoderDescription['figures']): string {
  const figures: string[] = [];
  if (loss !== undefined) figures.push(`loss ${loss.toPrecision(4)}`);
  if (meanReciprocalRank !== undefined) figures.push(`MRR ${meanReciprocalRank.toFixed(3)}`);
  if (against !== undefined) figures.push(`${against.method} ${against.meanReciprocalRank.toFixed(3)}`);
  return figures.join(', ');
}
