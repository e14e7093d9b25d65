// `sandglass train`: one auto-encoder, trained on a folder, with everything that can be looked at.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Recipe, recipes, SandglassError, type TextQuality, type TrainSummary, train } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { computingThreadsOption, positiveNumber, wholeNumber } from './option-values.ts';
import { count } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';
import { epochText, progressLine, summaryText } from './train-text.ts';
import { wrap } from './wrap.ts';

interface TrainFlags {
  readonly recipe?: string;
  readonly data?: string;
  readonly out?: string;
  readonly epochs?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly seed?: number;
  readonly quality?: TextQuality;
  readonly codeSize?: number;
  readonly threads?: number;
  readonly fresh?: boolean;
  readonly printRecipe?: string;
  readonly recipes?: boolean;
  readonly quiet?: boolean;
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
    .addOption(
      new Option('--quality <how>', 'of the recipe text: how long it learns').choices(['fast', 'default', 'best']),
    )
    .addOption(
      new Option('--code-size <numbers>', 'of the recipe text: numbers in a code').argParser(wholeNumber(2, 4096)),
    )
    .addOption(new Option('--seed <number>', 'seed of everything that is drawn').argParser(wholeNumber(0, 0xffffffff)))
    .addOption(computingThreadsOption())
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
  $ sandglass train --recipe text --data ~/Documents --quality best --out my-encoder
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

/** Columns of a text that is pleasant to read. */
const READABLE = 80;

const ABOUT_TEXT =
  'What sandglass index trains on documents: from a few of a document’s words to the words of it and of documents like it. ' +
  'Writes an encoder that an index takes (sandglass encoders import). Its settings are --quality and --code-size, not JSON.';

const ABOUT_IMAGE =
  'What sandglass index trains on pictures: from a damaged copy of a picture to the picture, and to the same code. Goes on ' +
  'with the encoder that comes with Sandglass. Writes an encoder that an index takes (sandglass encoders import).';

function listRecipes(session: Session, known: readonly Recipe[], json: boolean) {
  if (json) session.printJson({ schema: 1, recipes: known });
  else {
    const width = Math.min(session.out.width, READABLE);
    const entries = [{ name: 'text', about: ABOUT_TEXT }, { name: 'image', about: ABOUT_IMAGE }, ...known].map(
      ({ name, about = '' }) => `${session.out.style('bold', name)}\n${wrap(about, width, '  ')}`,
    );
    session.print(entries.join('\n\n'));
  }
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
  const { recipe, data, out, epochs, batch, lr, seed, quality, codeSize, threads, fresh } = flags;
  if (recipe === undefined || data === undefined) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected ${recipe === undefined ? '--recipe <name|file> (sandglass train --recipes lists them)' : '--data <folder>'} but received none.`,
    );
  }
  const events = train({
    recipe: isFile(recipe) ? readRecipe(recipe) : recipe,
    data: resolve(data),
    device: session.device,
    fresh: fresh === true,
    signal,
    ...(out === undefined ? {} : { out: resolve(out) }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(batch === undefined ? {} : { batch }),
    ...(lr === undefined ? {} : { rate: lr }),
    ...(seed === undefined ? {} : { seed }),
    ...(quality === undefined ? {} : { quality }),
    ...(codeSize === undefined ? {} : { codeSize }),
    ...(threads === undefined ? {} : { threads }),
  });
  const told = flags.json !== true && flags.quiet !== true;
  let stage = '';
  try {
    for await (const event of events) {
      switch (event.phase) {
        case 'done':
          return event.summary;
        case 'notice':
          session.notice(printable(event.text));
          break;
        case 'stage':
          stage = event.stages > 1 ? event.name : '';
          if (told && stage !== '') session.print(session.out.style('bold', stage));
          break;
        case 'resume':
          session.notice(`Going on after step ${count(event.step)}${stage === '' ? '' : ` of ${stage}`}.`);
          break;
        case 'epoch':
          if (told) session.print(epochText(event));
          break;
        default:
          session.progress.update(progressLine(event));
      }
    }
  } catch (error) {
    // The library was given a value and does not know where it came from.
    if (error instanceof SandglassError && error.code === 'RECIPE_INVALID' && isFile(recipe)) {
      throw new SandglassError(error.code, `${recipe}: ${error.message}`, { path: recipe, cause: error });
    }
    throw error;
  } finally {
    session.progress.clear();
  }
  throw new SandglassError('ABORTED', 'Training ended without a summary.');
}

/** What looks like a file is one; anything else is a name, even where a training left a folder of that name. */
function isFile(recipe: string): boolean {
  return /[./\\]/.test(recipe);
}

function readRecipe(path: string): object {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    const why =
      cause instanceof SyntaxError ? `is no JSON: ${cause.message}` : `cannot be read: ${(cause as Error).message}`;
    throw new SandglassError('RECIPE_INVALID', `Expected a recipe but ${path} ${why}`, { path, cause });
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new SandglassError(
    'RECIPE_INVALID',
    `Expected a recipe, a JSON object, but ${path} holds ${JSON.stringify(value)}.`,
    {
      path,
    },
  );
}
