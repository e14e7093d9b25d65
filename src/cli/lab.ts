// `sandglass lab`: every kind of auto-encoder at work on one set of pictures, and a report to read.
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type LabEvent, type LabSummary, lab, SandglassError } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { collect, computingThreadsOption, wholeNumber } from './option-values.ts';
import { count, duration } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

interface LabFlags {
  readonly data?: string;
  readonly out: string;
  readonly only?: string[];
  readonly epochs?: number;
  readonly queries: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

export function labCommand(): CommandDefinition {
  const command = new Command('lab')
    .description(
      'Train every kind of auto-encoder on one set of pictures, measure them beside PCA and t-SNE, write a report.',
    )
    .addOption(
      new Option('--data <folder>', 'IDX files (MNIST), or pictures, one folder a class (default: digits it draws)'),
    )
    .addOption(
      new Option('--out <dir>', 'where report.html, results.json and the trainings are written').default('lab'),
    )
    .addOption(new Option('--only <recipe>', 'only this recipe (repeat for more)').argParser(collect))
    .addOption(
      new Option('--epochs <number>', 'epochs of every training, to look around quickly').argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--queries <number>', 'test pictures that ask in the retrieval table')
        .argParser(wholeNumber(1))
        .default(1000),
    )
    .addOption(new Option('--seed <number>', 'seed of everything that is drawn').argParser(wholeNumber(0, 0xffffffff)))
    .addOption(computingThreadsOption())
    .addOption(new Option('--fresh', 'train again what is finished'))
    .addOption(new Option('--json', 'one JSON document at the end'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass lab
  $ sandglass lab --data ./mnist
  $ sandglass lab --data ./mnist --epochs 2 --out quick
  $ sandglass lab --data ./mnist --only mnist-mlp --only tied

What is finished is kept: stopped with Ctrl-C, or killed, the same command goes on where it was.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<LabFlags>();
      const session = new Session(command);
      const summary = await follow(session, flags, signal);
      if (flags.json) session.printJson(summary);
      else session.print(summaryText(summary));
      return summary.failed.length > 0 ? EXIT.error : EXIT.ok;
    },
  };
}

async function follow(session: Session, flags: LabFlags, signal: AbortSignal): Promise<LabSummary> {
  const { data, out, only, epochs, queries, seed, threads, fresh } = flags;
  const events = lab({
    out: resolve(out),
    queries,
    fresh: fresh === true,
    device: session.device,
    signal,
    ...(data === undefined ? {} : { data: resolve(data) }),
    ...(only === undefined ? {} : { recipes: only }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(seed === undefined ? {} : { seed }),
    ...(threads === undefined ? {} : { threads }),
  });
  let title = '';
  for await (const event of events) {
    if (event.phase === 'done') return event.summary;
    if (event.phase === 'notice') session.notice(printable(event.text));
    else if (event.phase === 'step') {
      title = event.name;
      const place = `${String(event.step).padStart(String(event.steps).length)}/${event.steps}`;
      session.notice(`${place}  ${title}${event.reused ? '  (trained before)' : ''}`);
    } else session.progress.update(progressLine(title, event));
  }
  throw new SandglassError('ABORTED', 'The lab ended without a summary.');
}

function progressLine(title: string, event: Extract<LabEvent, { phase: 'training' | 'measuring' }>): string {
  if (event.phase === 'measuring')
    return `measuring ${event.what}${event.share === undefined ? '' : `  ${Math.round(100 * event.share)} %`}`;
  const { event: told } = event;
  if (told.phase !== 'train') return title;
  return `${title}  epoch ${told.epoch}/${told.epochs}  loss ${told.loss.toFixed(5)}  ${duration(told.secondsLeft)} left`;
}

function summaryText({ report, runs, failed, seconds }: LabSummary): string {
  const widest = Math.max(...runs.map(({ recipe }) => recipe.length), 0);
  return [
    ...runs.map(
      ({ recipe, testError, seconds: taken }) =>
        `${recipe.padEnd(widest)}  ${testError === undefined ? '' : `test error ${testError.toFixed(2).padStart(6)}  `}${duration(taken)}`,
    ),
    ...failed.map(({ recipe, message }) => `${recipe} failed: ${printable(message)}`),
    `${count(runs.length)} trainings  (${duration(seconds)})`,
    `report: ${printable(report)}`,
  ].join('\n');
}
