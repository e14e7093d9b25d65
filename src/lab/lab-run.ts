// The lab: trains every kind of auto-encoder on one set of pictures, measures them beside the plain ways, writes the report.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import { openDataSets } from '../data-sets/open-data-sets.ts';
import { SandglassError } from '../errors.ts';
import { demandDevice } from '../runtime/onnx-session.ts';
import { namedRecipe } from '../training/recipes/auto-encoders.ts';
import { type LabData, readLabData } from './lab-data.ts';
import { DRAWN_FOR_TESTING, DRAWN_FOR_TRAINING, drawLabDigits } from './lab-digits.ts';
import type { LabEvent, LabOptions, LabSummary } from './lab-events.ts';
import { LAB_RECIPES, type LabRecipe } from './lab-recipes.ts';
import { measureLab } from './lab-results.ts';
import { type LabTrainings, trainRecipes } from './lab-trainings.ts';
import type { LabVisit } from './lab-visit.ts';
import { labReport } from './report.ts';
import { runWriteError } from './run-write-error.ts';

const DEFAULT_SEED = 1234;

/** One visit to the lab, in the thread that calls it; trainings run in threads of their own. */
export async function runLab(
  { data: given, out: outGiven = 'lab', seed, signal: _, ...options }: LabOptions,
  emit: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<LabSummary> {
  const started = performance.now();
  const out = resolve(outGiven);
  const list = recipesToTrain(options.recipes);
  await demandDevice(options.device ?? 'auto');
  const drawn = given === undefined;
  const folder = drawn ? await drawnFolder(out, emit) : resolve(given);
  const visit = { options, folder, drawn, out, askedSeed: seed, seed: seed ?? DEFAULT_SEED, emit, signal };
  const data = await readData(visit);
  await makeFolder(out);
  const trainings = await trainRecipes(list, data, visit);
  const results = await measureLab(trainings, data, visit);
  const resultsFile = await write(join(out, 'results.json'), `${JSON.stringify(results)}\n`);
  const report = await write(join(out, 'report.html'), await labReport(results));
  return summaryOf(trainings, { report, results: resultsFile, seconds: (performance.now() - started) / 1000 });
}

function recipesToTrain(names: readonly string[] | undefined): readonly LabRecipe[] {
  if (names === undefined) return LAB_RECIPES;
  return [...new Set(names)].map((name) => {
    const listed = LAB_RECIPES.find((each) => each.name === name);
    if (listed !== undefined) return listed;
    throw new SandglassError(
      'RECIPE_UNKNOWN',
      `The lab has no recipe "${name}". It knows: ${LAB_RECIPES.map((each) => each.name).join(', ')}.`,
    );
  });
}

async function drawnFolder(out: string, emit: (event: LabEvent) => void): Promise<string> {
  const count = (DRAWN_FOR_TRAINING + DRAWN_FOR_TESTING).toLocaleString('en');
  emit({
    phase: 'notice',
    text: `No data were given: ${count} digits are drawn into ${join(out, 'digits')}. Figures on them cannot be compared with those on MNIST.`,
  });
  return drawLabDigits(out);
}

async function readData({ folder, seed, out, emit, signal }: LabVisit): Promise<LabData> {
  const sets = await openDataSets(folder, {
    shape: namedRecipe(LAB_RECIPES[0]!.name)!.input.shape,
    seed,
    scratch: join(out, 'rows'),
    mostBytes: Number.POSITIVE_INFINITY,
    signal,
  });
  for (const text of sets.notices) emit({ phase: 'notice', text });
  try {
    return await readLabData(sets);
  } finally {
    await sets.close();
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (thrown) {
    throw runWriteError(thrown, path);
  }
}

async function write(path: string, text: string): Promise<string> {
  try {
    await writeFileAtomically(path, text);
  } catch (thrown) {
    throw runWriteError(thrown, path);
  }
  return path;
}

function summaryOf(
  { trained, failed }: LabTrainings,
  facts: Pick<LabSummary, 'report' | 'results' | 'seconds'>,
): LabSummary {
  return {
    schema: 1,
    ...facts,
    runs: trained.map(({ manifest: { recipe, testError, seconds } }) => ({
      recipe: recipe.name,
      seconds,
      ...(testError === undefined ? {} : { testError }),
    })),
    failed,
  };
}
