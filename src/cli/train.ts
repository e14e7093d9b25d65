// `sandglass train`: one auto-encoder, trained on a folder, with everything that can be looked at.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Recipe, recipes, SandglassError, type TrainEvent, type TrainSummary, train } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { positiveNumber, wholeNumber } from './option-values.ts';
import { count, duration } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

interface TrainFlags {
  readonly recipe?: string;
  readonly data?: string;
  readonly out?: string;
  readonly epochs?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly fresh?: boolean;
  readonly printRecipe?: string;
  readonly recipes?: boolean;
  readonly json?: boolean;
}

export function trainCommand(): CommandDefinition {
  const command = new Command('train')
    .description('Train one kind of auto-encoder on a folder and write it as ONNX, with pictures of what it makes.')
    .addOption(new Option('--recipe <name|file>', 'a named recipe (see --recipes) or a JSON file of your own'))
    .addOption(new Option('--data <folder>', 'a folder of IDX files (MNIST), of pictures, or of documents'))
    .addOption(new Option('--out <dir>', 'where everything is written (default: a folder with the recipe’s name)'))
    .addOption(new Option('--epochs <number>', 'rounds through the data').argParser(wholeNumber(1)))
    .addOption(new Option('--batch <number>', 'rows of one step').argParser(wholeNumber(1)))
    .addOption(new Option('--lr <rate>', 'learning rate').argParser(positiveNumber))
    .addOption(new Option('--seed <number>', 'seed of everything that is drawn').argParser(wholeNumber(0, 0xffffffff)))
    .addOption(
      new Option('--threads <count>', 'threads that compute (default: one a core)').argParser(wholeNumber(1, 256)),
    )
    .addOption(new Option('--fresh', 'begin anew where the folder holds an earlier training'))
    .addOption(new Option('--recipes', 'list the named recipes'))
    .addOption(new Option('--print-recipe <name>', 'print a recipe as JSON, to begin your own with'))
    .addOption(new Option('--json', 'one JSON document at the end'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass train --recipes
  $ sandglass train --recipe mnist-mlp --data ./mnist
  $ sandglass train --recipe denoise-gauss --data ~/Pictures --epochs 5 --out noise
  $ sandglass train --print-recipe cnn > mine.json
  $ sandglass train --recipe mine.json --data ./mnist

Stopped with Ctrl-C, or killed, the same command goes on where it was. --epochs, --batch, --lr and --seed come before
what the recipe says.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<TrainFlags>();
      const session = new Session(command);
      if (flags.recipes) return listRecipes(session, await recipes(), flags.json === true);
      if (flags.printRecipe !== undefined) return printRecipe(session, await recipes(), flags.printRecipe);
      const summary = await follow(session, flags, signal);
      if (flags.json) session.printJson(summary);
      else session.print(summaryText(summary));
      return EXIT.ok;
    },
  };
}

function listRecipes(session: Session, known: readonly Recipe[], json: boolean) {
  if (json) session.printJson(known);
  else for (const { name, about } of known) session.print(`${session.out.style('bold', name)}\n  ${about ?? ''}`);
  return EXIT.ok;
}

function printRecipe(session: Session, known: readonly Recipe[], name: string) {
  const recipe = known.find((each) => each.name === name);
  if (recipe === undefined) {
    const names = known.map((each) => each.name).join(', ');
    throw new SandglassError('RECIPE_UNKNOWN', `There is no recipe "${name}". Known ones: ${names}.`);
  }
  session.printJson(recipe);
  return EXIT.ok;
}

async function follow(session: Session, flags: TrainFlags, signal: AbortSignal): Promise<TrainSummary> {
  const { recipe, data, out, epochs, batch, lr, seed, threads, fresh } = flags;
  if (recipe === undefined || data === undefined) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected ${recipe === undefined ? '--recipe <name|file> (sandglass train --recipes lists them)' : '--data <folder>'}.`,
    );
  }
  const events = train({
    recipe: readRecipe(recipe),
    data: resolve(data),
    device: session.device,
    fresh: fresh === true,
    signal,
    ...(out === undefined ? {} : { out: resolve(out) }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(batch === undefined ? {} : { batch }),
    ...(lr === undefined ? {} : { rate: lr }),
    ...(seed === undefined ? {} : { seed }),
    ...(threads === undefined ? {} : { threads }),
  });
  const quiet = flags.json === true;
  for await (const event of events) {
    if (event.phase === 'done') return event.summary;
    if (event.phase === 'notice') session.notice(printable(event.text));
    else if (event.phase === 'epoch') {
      if (!quiet) session.print(epochText(event));
    } else if (event.phase === 'resume') session.notice(`Going on after step ${count(event.step)}.`);
    else if (event.phase === 'stage') {
      if (!quiet && event.stages > 1) session.print(session.out.style('bold', `${event.name}`));
    } else session.progress.update(progressLine(event));
  }
  throw new SandglassError('ABORTED', 'Training ended without a summary.');
}

/** What looks like a file is read; anything else is a name, even where a training left a folder of that name. */
function readRecipe(given: string): string | object {
  if (!/[./\\]/.test(given)) return given;
  try {
    return JSON.parse(readFileSync(given, 'utf8')) as object;
  } catch (cause) {
    throw new SandglassError('RECIPE_INVALID', `${given} cannot be read as JSON: ${(cause as Error).message}`, {
      path: given,
      cause,
    });
  }
}

type Event<Phase extends TrainEvent['phase']> = Extract<TrainEvent, { phase: Phase }>;

function epochText({ epoch, epochs, loss, validation, seconds }: Event<'epoch'>): string {
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${loss.toFixed(5)}`,
    ...(validation === undefined ? [] : [`validation ${validation.toFixed(5)}`]),
    `${seconds.toFixed(2)} s`,
  ].join('  ');
}

function progressLine(event: Event<'data' | 'train' | 'test'>): string {
  switch (event.phase) {
    case 'data':
      return `reading  ${count(event.done)}${event.total === undefined ? '' : `/${count(event.total)}`}`;
    case 'train':
      return `epoch ${event.epoch}/${event.epochs}  step ${count(event.step)}/${count(event.steps)}  loss ${event.loss.toFixed(5)}  ${duration(event.secondsLeft)} left`;
    case 'test':
      return 'testing';
  }
}

function summaryText(summary: TrainSummary): string {
  const { data, testError, testLoss, denoising } = summary;
  const failed = data.failures.length;
  const lines = [
    `${summary.recipe}: ${count(summary.parameters)} parameters, codes of ${summary.codeSize}, trained on ${count(data.training)} rows in ${duration(summary.seconds)}`,
  ];
  if (summary.stages.at(-1)!.validations.length > 0) lines.push(`kept: epoch ${summary.epoch}`);
  if (denoising !== undefined)
    lines.push(
      `error on ${count(data.test)} test pictures: ${denoising.testError.toFixed(2)} from noisy ones (the noise itself ${denoising.noisyError.toFixed(2)}), ${testError?.toFixed(2)} from clean ones; squared, summed over the pixels`,
    );
  else if (testError !== undefined)
    lines.push(`error on ${count(data.test)} test pictures: ${testError.toFixed(2)}, squared, summed over the pixels`);
  else if (testLoss !== undefined) lines.push(`loss on ${count(data.test)} test rows: ${testLoss.toFixed(5)}`);
  if (failed > 0) lines.push(`${count(failed)} files could not be read (--json names them)`);
  lines.push(`written to ${printable(summary.out)}: ${summary.files.join(', ')}`);
  return lines.join('\n');
}
