// The whole lab on a few drawn digits: what it refuses, what it writes, and that it never trains twice what is finished.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type ErrorCode, SandglassError } from '../../src/errors.ts';
import { drawDigits, writeIdx } from '../../src/lab/drawn-digits.ts';
import { lab } from '../../src/lab/lab.ts';
import type { LabEvent, LabOptions, LabSummary } from '../../src/lab/lab-events.ts';
import type { LabResults } from '../../src/lab/results.ts';
import { RUN_FILES } from '../../src/lab/run-files.ts';
import type { TrainSummary } from '../../src/lab/train-events.ts';
import { makeWorld, type World } from '../files/world.ts';

const PIXELS = 784;
const TRAINED = 300;
const TESTED = 60;
/** A visit takes seconds, on a machine that does nothing else. */
const PATIENCE = 240_000;
const QUICK = { epochs: 1, queries: 30, device: 'cpu', threads: 1 } as const;

jest.setTimeout(PATIENCE);

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.remove();
});

function world(files?: Readonly<Record<string, string>>): World {
  const made = makeWorld(files);
  worlds.push(made);
  return made;
}

/** A folder of drawn digits, and a place beside it that is not there yet. */
async function digits(tested = TESTED): Promise<{ data: string; out: string }> {
  const place = world();
  const { pixels, labels } = drawDigits({ count: TRAINED + tested, seed: 3 });
  await writeIdx(place.path('digits'), {
    train: { pixels: pixels.subarray(0, TRAINED * PIXELS), labels: labels.subarray(0, TRAINED) },
    test: { pixels: pixels.subarray(TRAINED * PIXELS), labels: labels.subarray(TRAINED) },
  });
  return { data: place.path('digits'), out: place.path('lab') };
}

interface Visit {
  readonly summary: LabSummary;
  readonly results: LabResults;
  readonly events: readonly LabEvent[];
}

async function visit(options: LabOptions, watch?: (event: LabEvent) => void): Promise<Visit> {
  const events: LabEvent[] = [];
  for await (const event of lab({ ...QUICK, ...options })) {
    events.push(event);
    watch?.(event);
  }
  const last = events.at(-1)!;
  if (last.phase !== 'done') throw new Error(`Expected the last event to be done but it was ${last.phase}`);
  return { summary: last.summary, results: JSON.parse(readFileSync(last.summary.results, 'utf8')), events };
}

async function refusal(options: LabOptions, watch?: (event: LabEvent) => void): Promise<SandglassError> {
  const thrown = await visit(options, watch).catch((error: unknown) => error);
  if (thrown instanceof SandglassError) return thrown;
  throw new Error(`Expected an error of Sandglass but received ${String(thrown)}`);
}

/** A visit that is stopped once all is trained: measuring takes longer than the trainings here. */
async function visitTrainings(
  options: LabOptions,
): Promise<{ events: readonly LabEvent[]; manifests: TrainSummary[] }> {
  const events: LabEvent[] = [];
  const stop = new AbortController();
  const error = await refusal({ ...options, signal: stop.signal }, (event) => {
    events.push(event);
    if (event.phase === 'measuring') stop.abort();
  });
  if (error.code !== 'ABORTED') throw error;
  const manifests = options.recipes!.flatMap((name) => {
    const file = join(options.out!, 'runs', name, RUN_FILES.manifest);
    return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as TrainSummary] : [];
  });
  return { events, manifests };
}

const steps = (events: readonly LabEvent[]) => events.filter((event) => event.phase === 'step');
const codeOf = (error: SandglassError): ErrorCode => error.code;

describe('The lab refuses, and writes nothing,', () => {
  it('a recipe it does not know', async () => {
    const { data, out } = await digits();
    const error = await refusal({ data, out, recipes: ['mnist-mlp', 'words'] });
    expect(codeOf(error)).toBe('RECIPE_UNKNOWN');
    expect(error.message).toMatch(/"words".*mnist-mlp, deep-mnist-30/);
    expect(existsSync(out)).toBe(false);
  });

  it('documents', async () => {
    const place = world({ 'texts/a.txt': 'ships and harbours', 'texts/b.txt': 'bread and butter' });
    const out = place.path('lab');
    const error = await refusal({ data: place.path('texts'), out });
    expect(codeOf(error)).toBe('DATA_SET_INVALID');
    expect(error.message).toMatch(/documents.*--recipe words/);
    expect(existsSync(out)).toBe(false);
  });

  it('a folder that is not there, and one with nothing to test with', async () => {
    const out = join(world().root, 'lab');
    expect(codeOf(await refusal({ data: join(out, 'nothing'), out }))).toBe('FILE_VANISHED');
    const one = await digits(1);
    expect(codeOf(await refusal({ ...one }))).toBe('DATA_SET_INVALID');
    expect(existsSync(one.out)).toBe(false);
  });

  it('a place where it cannot write', async () => {
    const { data } = await digits();
    const place = world({ lab: 'a file' });
    expect(codeOf(await refusal({ data, out: place.path('lab'), recipes: ['tied'] }))).toBe('OUTPUT_UNWRITABLE');
  });
});

describe('The lab', () => {
  it('trains, measures and reports, and trains nothing again on the next visit', async () => {
    const { data, out } = await digits();
    const options = { data, out, recipes: ['mnist-mlp', 'denoise-gauss', 'deep-mnist-2'] };
    const { summary, results, events } = await visit(options);
    expect(summary.failed).toEqual([]);
    expect(summary.runs.map(({ recipe }) => recipe)).toEqual(options.recipes);
    for (const { testError } of summary.runs) expect(testError).toBeGreaterThan(0);
    expect(events.some(({ phase }) => phase === 'training')).toBe(true);

    expect(results.dataSet).toMatchObject({ name: 'digits', trainRows: TRAINED, testRows: TESTED, shape: [PIXELS] });
    expect(results.runs.map(({ name }) => name)).toEqual(options.recipes);
    expect(results.runs[0]!.architecture).toBe('784-256-128-64-16-64-128-256-784, ReLU, sigmoid output');
    expect(results.runs[1]!.noisyError).toBeGreaterThan(0);
    expect(results.sheets.map(({ run }) => run)).toEqual(
      expect.arrayContaining(['mnist-mlp', 'denoise-gauss', 'deep-mnist-2', undefined]),
    );
    expect(results.errorTable.map(({ codeSize }) => codeSize)).toEqual([2, 10, 16, 30, 64, 128]);
    expect(results.errorTable[0]).toMatchObject({ run: 'deep-mnist-2', autoEncoder: summary.runs[2]!.testError });
    // PCA can only gain by another component.
    const pca = results.errorTable.map((row) => row.pca!);
    expect([...pca].sort((a, b) => b - a)).toEqual(pca);
    expect(results.maps.map(({ name }) => name)).toEqual(['PCA', 'Auto-encoder, 2 units', 't-SNE']);
    for (const { points, labels } of results.maps) expect([points.length, labels.length]).toEqual([120, 60]);
    expect(results.retrieval).toMatchObject({ queries: QUICK.queries, database: TRAINED });
    expect(results.retrieval!.rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['pixels', 'PCA-30', 'PCA-64, signs', 'mnist-mlp', 'deep-mnist-2']),
    );
    expect(results.stacked).toBeUndefined();
    expect(results.notes[0]).toBe('Every training was cut to one epoch.');
    const html = readFileSync(summary.report, 'utf8');
    expect(html).toContain('Plain auto-encoder');
    expect(html).not.toMatch(/(?:src|href)="(?!data:|#)/);

    const again = await visit(options);
    expect(steps(again.events).map((event) => event.reused)).toEqual([true, true, true]);
    expect(again.events.some(({ phase }) => phase === 'training')).toBe(false);
    const { machine, ...measured } = again.results;
    expect(machine.device).toBe('cpu');
    expect(measured).toEqual({ ...results, machine: undefined });
  });

  it('stops when it is told to, keeps what is finished and goes on from there', async () => {
    const { data, out } = await digits();
    const options = { data, out, recipes: ['tied', 'mnist-mlp'] };
    const stop = new AbortController();
    const error = await refusal({ ...options, signal: stop.signal }, (event) => {
      if (event.phase === 'step' && event.step === 2) stop.abort();
    });
    expect(codeOf(error)).toBe('ABORTED');
    expect(existsSync(join(out, 'report.html'))).toBe(false);
    const { manifests, events } = await visitTrainings(options);
    expect(steps(events).map(({ reused }) => reused)).toEqual([true, undefined]);
    expect(manifests).toHaveLength(2);
  });

  it('begins anew what was finished otherwise, left unfinished with other settings, or changed since', async () => {
    const { data, out } = await digits();
    const options = { data, out, recipes: ['tied'] };
    const stop = new AbortController();
    await refusal({ ...options, epochs: 50, signal: stop.signal }, (event) => {
      if (event.phase === 'training' && event.event.phase === 'epoch') stop.abort();
    });
    expect(existsSync(join(out, 'runs/tied', RUN_FILES.log))).toBe(true);
    expect(existsSync(join(out, 'runs/tied', RUN_FILES.manifest))).toBe(false);

    const [first] = (await visitTrainings(options)).manifests;
    expect(first!.stages[0]!.losses).toHaveLength(1);

    writeFileSync(join(out, 'runs/tied', RUN_FILES.encoder), 'not what it was');
    const second = await visitTrainings(options);
    expect(steps(second.events)[0]!.reused).toBeUndefined();
    expect(second.manifests[0]!.testError).toBe(first!.testError);

    const third = await visitTrainings({ ...options, seed: 5 });
    expect(steps(third.events)[0]!.reused).toBeUndefined();
    expect(third.manifests[0]!.testError).not.toBe(first!.testError);
  });

  it('leaves out a recipe whose folder holds files of somebody else, and what needs labels where there are none', async () => {
    const { data, out } = await digits(3);
    for (const part of ['train', 't10k']) rmSync(join(data, `${part}-labels-idx1-ubyte`));
    const place = worlds.at(-1)!;
    const file = place.write('lab/runs/tied/letter.txt', 'mine');
    const { summary, results, events } = await visit({ data, out, recipes: ['tied', 'mnist-mlp'] });
    expect(summary.failed).toMatchObject([{ recipe: 'tied', code: 'OUTPUT_EXISTS' }]);
    expect(summary.runs.map(({ recipe }) => recipe)).toEqual(['mnist-mlp']);
    expect(results.notes.join()).toContain('tied was left out');
    // Without labels nothing is to be found.
    expect(results.maps).toEqual([]);
    expect(results.retrieval).toBeUndefined();
    expect(results.errorTable[0]!.pca).toBeGreaterThan(0);
    expect(readFileSync(summary.report, 'utf8')).toContain('Plain auto-encoder');
    expect(events).toContainEqual({ phase: 'notice', text: expect.stringContaining('tied is left out') });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('draws digits of its own when it is given none, and says so', async () => {
    const out = join(world().root, 'lab');
    const stop = new AbortController();
    const notices: string[] = [];
    const error = await refusal({ out, recipes: ['tied'], signal: stop.signal }, (event) => {
      if (event.phase === 'notice') notices.push(event.text);
      if (event.phase === 'step') stop.abort();
    });
    expect(codeOf(error)).toBe('ABORTED');
    expect(notices).toEqual([expect.stringMatching(/^No data were given: 12,000 digits are drawn into .*digits\./)]);
    const images = readFileSync(join(out, 'digits/train-images-idx3-ubyte'));
    expect(images.length).toBe(16 + 10_000 * PIXELS);
    expect(readFileSync(join(out, 'digits/t10k-labels-idx1-ubyte')).length).toBe(8 + 2_000);
  });
});
