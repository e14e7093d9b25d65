// The lab's page: whole, self-contained, readable without eyes, and never saying more than the numbers.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { labReport } from '../../src/lab/report.ts';
import { findingsOf } from '../../src/lab/report-findings.ts';
import type { LabResults, LabRetrievalRow } from '../../src/lab/results.ts';
import { sampleResults } from './sample-results.ts';

const HOSTILE = `"><img src=x onerror=alert(1)>'</style><script>&amp;\u202Egpj.exe\n`;
const LARGEST_PAGE = 6 * 1024 * 1024;

let results: LabResults;
let html: string;

beforeAll(async () => {
  results = await sampleResults();
  html = await labReport(results);
});

const all = (pattern: RegExp, text = html) => [...text.matchAll(pattern)].map((match) => match[1]!);

describe('a page that something is wrong with', () => {
  const nothing = (): LabResults => ({ ...results, runs: [], sheets: [], errorTable: [], maps: [], notes: [] });

  test('is drawn when nothing was trained', async () => {
    const { retrieval, stacked, ...rest } = nothing();
    expect(retrieval && stacked).toBeDefined();
    const page = await labReport(rest);
    expect(page).toContain('0 auto-encoders');
    expect(all(/<h2>([^<]*)/g, page)).toEqual([]);
  });

  test('is drawn when a run diverged: JSON has null for what is not a number', async () => {
    const diverged = {
      ...results.runs[0]!,
      lossPerEpoch: [0.1, Number.NaN],
      secondsPerEpoch: [],
      layers: [],
      testError: Number.NaN,
    };
    const page = await labReport(JSON.parse(JSON.stringify({ ...nothing(), runs: [diverged] })));
    expect(page).toContain('not a number');
    expect(page).not.toContain('NaN');
  });

  test('shows no picture that is none', async () => {
    const sheet = results.sheets[0]!;
    const jpeg = { ...sheet, title: 'no PNG', png: '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP8=' };
    const page = await labReport({ ...nothing(), sheets: [jpeg, { ...sheet, png: HOSTILE }] });
    expect(page.match(/This sheet is no PNG picture/g)).toHaveLength(2);
    expect(page).not.toContain('<img');
  });

  test('lets no name, label or text out of its place', async () => {
    const hostile = (value: unknown): unknown => {
      if (typeof value === 'string') return HOSTILE;
      if (Array.isArray(value)) return value.map(hostile);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, key === 'png' ? inner : hostile(inner)]),
      );
    };
    const small = await sampleResults({ points: 20 });
    const maps = small.maps.map((map) => ({ ...map, labels: [...map.labels.slice(1), HOSTILE as unknown as number] }));
    const labelNames = Array.from({ length: 10 }, () => HOSTILE);
    const page = await labReport(hostile({ ...small, maps, dataSet: { ...small.dataSet, labelNames } }) as LabResults);
    const elements = [...parseHTML(page).document.querySelectorAll('*')] as { getAttributeNames(): string[] }[];
    const attributes = new Set(elements.flatMap((element) => element.getAttributeNames()));
    expect([...attributes].filter((name) => name.startsWith('on'))).toEqual([]);
    const broken = [/<script/, /<img src=x/, /[\u202e\u0000]/];
    expect(broken.filter((pattern) => pattern.test(page))).toEqual([]);
    expect(all(/(<\/style>)/g, page).length).toBe(all(/(<style[ >])/g, page).length);
    expect(page.includes('&lt;img src=x onerror=alert(1)&gt;')).toBe(true);
  });
});

describe('the page', () => {
  test('asks for nothing from anywhere, and forbids itself to', () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    for (const target of all(/(?:src|href)="([^"]*)"/g)) expect(target).toMatch(/^(?:data:image\/png;base64,|#)/);
    expect(html).not.toMatch(/url\(|@import|<link|<iframe|<object|<script/);
  });

  test('is the same again from its JSON', async () => {
    expect(await labReport(JSON.parse(JSON.stringify(results)))).toBe(html);
  });

  test('has balanced elements', () => {
    const open: string[] = [];
    const isVoid = new Set(['meta', 'img', 'input', '!doctype']);
    for (const [, slash, name, closed] of html.matchAll(/<(\/?)([!a-z][a-z0-9]*)[^<>]*?(\/?)>/gi)) {
      if (closed === '/' || isVoid.has(name!.toLowerCase())) continue;
      if (slash === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('stays below six megabytes with three maps of ten thousand points', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(LARGEST_PAGE);
  });

  test('can be read aloud: headings in steps, names for pictures and charts, scopes for head cells', () => {
    const levels = all(/<h([1-6])[ >]/g).map(Number);
    expect(levels[0]).toBe(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
    for (const image of all(/<img ([^>]*)>/g)) expect(image).toMatch(/ alt="[^"]+"/);
    for (const chart of all(/<figure[^>]*>.*?<svg ([^>]*)>/gs)) expect(chart).toMatch(/role="img" aria-label="[^"]+"/);
    for (const cell of all(/<th([ >][^>]*)/g)) expect(cell).toMatch(/ scope="(?:row|col)"/);
  });

  test('has every target of a link, each id once', () => {
    const ids = all(/ id="([^"]*)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    for (const target of all(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  test('shows every run, sheet and map, runs of a family in one section', () => {
    expect(all(/<h2>([^<]*)/g)).toEqual([
      'What came out',
      'Beside PCA',
      'Maps: two numbers a picture',
      'Finding pictures of the same kind',
      'All runs',
      'Plain auto-encoder',
      'Deep auto-encoders',
      'De-noising auto-encoders',
      'Convolutional auto-encoder',
      'Variational auto-encoder',
      'Layer by layer, or all at once?',
      'Notes',
    ]);
    expect(all(/(<article class="run">)/g)).toHaveLength(results.runs.length);
    for (const { png } of results.sheets) expect(html).toContain(`<img src="data:image/png;base64,${png}"`);
    for (const { name } of results.maps) expect(html).toContain(`Map by ${name}: 10,000 points`);
    for (const note of results.notes) expect(html).toContain(note);
  });

  test('marks the better error of each size and the best of each column of the retrieval table', () => {
    expect(all(/<td class="best"><strong>([^<]*)/g)).toEqual([
      ...['30.10', '8.71', '6.02', '2.88'],
      ...['0.973', '0.914', '0.492'],
      '4.90',
    ]);
  });
});

describe('a map', () => {
  const drawn = async (points: readonly number[], labels: readonly number[]) =>
    labReport({ ...results, maps: [{ name: 'M', points, labels, accuracy5nn: 0.5, note: 'N.' }] });

  test('keeps one scale for both axes, with y upwards', async () => {
    const page = await drawn([0, 0, 10, 0, 10, 5], [0, 1, 2]);
    const places = all(/d="M(\d+ \d+)h0"/g, page).map((place) => place.split(' ').map(Number));
    const [[x0, y0], [x1, y1], [x2, y2]] = places as [[number, number], [number, number], [number, number]];
    expect(y1).toBe(y0);
    expect(x2).toBe(x1);
    expect(y1 - y2).toBeCloseTo((x1 - x0) / 2, -1);
  });

  test('draws far points at its edge and says how many', async () => {
    const near = Array.from({ length: 1000 }, (_, at) => [at % 10, Math.floor(at / 10) % 10]);
    const page = await drawn(
      [...near, [900, 5]].flat(),
      [...near, 0].map(() => 0),
    );
    expect(page).toContain('N. 1 far points are drawn at the edge.');
  });

  test('is drawn when all points are one', async () => {
    expect(await drawn([3, 3, 3, 3], [0, 0])).toContain('d="M500 500h0"');
  });
});

describe('findings', () => {
  const row = (name: string, kind: LabRetrievalRow['kind'], accuracy5nn: number): LabRetrievalRow => ({
    ...{ name, kind, accuracy5nn, size: 30, unit: 'numbers' },
    ...{ precisionAt100: accuracy5nn / 2, meanAveragePrecision: accuracy5nn / 3 },
  });
  const of = (change: Partial<LabResults>) => findingsOf({ ...results, errorTable: [], maps: [], runs: [], ...change });

  test('say nothing without numbers', () => {
    const { retrieval, stacked, ...rest } = results;
    expect(retrieval && stacked).toBeDefined();
    expect(findingsOf({ ...rest, errorTable: [{ codeSize: 2, pca: 40 }], maps: [], runs: [] })).toEqual([]);
  });

  test('say where PCA is as good, and which size of it is', () => {
    const errorTable = [
      { codeSize: 2, autoEncoder: 50, pca: 40 },
      { codeSize: 10, autoEncoder: 10, pca: 25 },
      { codeSize: 30, pca: 9 },
    ];
    const found = of({ errorTable });
    expect(found).toContain(
      'With 10 numbers a picture the auto-encoder leaves an error of 10.00, PCA 25.00: 2.5 times as much.',
    );
    expect(found).toContain('PCA needs 30 numbers to come as close (9.00).');
    expect(found).toContain('With 2 numbers PCA reconstructs as well or better.');
  });

  test('call no difference in retrieval that chance could make', () => {
    const retrieval = (queries: number, ours: number) => ({
      ...{ queries, database: 60_000 },
      rows: [row('PCA', 'baseline', 0.97), row('AE', 'auto-encoder', ours)],
    });
    const start = (found: string[]) => found[0]!.split(':')[0];
    expect(start(of({ retrieval: retrieval(1000, 0.975) }))).toBe(
      'In retrieval the best auto-encoder and the best baseline cannot be told apart',
    );
    expect(start(of({ retrieval: retrieval(100_000, 0.975) }))).toBe(
      'The best auto-encoder finds better than the best baseline',
    );
    expect(start(of({ retrieval: retrieval(1000, 0.9) }))).toBe(
      'The best baseline finds better than the best auto-encoder',
    );
  });

  test('admit de-noising that makes pictures worse and pre-training that does not help', () => {
    const run = { ...results.runs[0]!, name: 'denoise', noisyError: 5, testError: 6 };
    const stacked = { ...results.stacked!, fromScratch: { ...results.stacked!.fromScratch, testError: 4 } };
    const found = of({ runs: [run], stacked }).join('\n');
    expect(found).toContain('denoise makes noisy pictures worse: error 5.00 before, 6.00 after.');
    expect(found).toContain('did not help this net: test error 4.90 pre-trained, 4.00 from scratch');
  });
});
