// The HTML page: whole, self-contained, and not to be broken by what files are called or say.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { labelFreeExamples, labelledExamples } from '../../src/compare/examples.ts';
import { type ReportPage, renderReport } from '../../src/compare/html-report.ts';
import { type CopyKind, type LabelFreeOptions, runLabelFree } from '../../src/compare/label-free.ts';
import { type LabelledOptions, runLabelled } from '../../src/compare/labelled.ts';
import { escapeHtml, markup, visible } from '../../src/compare/markup.ts';
import { seededRandom } from '../../src/compare/random.ts';
import { reportLabelFree, reportLabelled } from '../../src/compare/report.ts';
import { AnglePoints, NearPoints, type Point, pointFeature } from './points.ts';

const HOSTILE = `"><img src=x onerror=alert(1)>'<script>&amp;\u202Egpj.exe\n`;
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A method whose name is hostile, too: names may come from a user's model folder. */
class HostileAngle extends AnglePoints {
  override readonly name = HOSTILE;
}

const random = seededRandom('html', 1);
const POINTS = Array.from(
  { length: 80 },
  (): Point => [Math.floor(random() * 900) + 1, Math.floor(random() * 900) + 1],
);
const describeItem = (id: number) =>
  Promise.resolve({ path: `${HOSTILE}${id}.txt`, preview: { thumbnail: PIXEL, snippet: `${HOSTILE} ${id}` } });

function turned(name: string, seen: boolean, factor: number): CopyKind {
  return {
    name,
    family: HOSTILE,
    seen,
    copy: async ({ id }) => {
      const [x, y] = POINTS[id - 100]!;
      return {
        feature: pointFeature([x * factor, y * factor]),
        preview: () => Promise.resolve({ thumbnail: 'javascript:alert(1)', snippet: HOSTILE }),
      };
    },
  };
}

async function labelFreePage(): Promise<ReportPage> {
  const options: LabelFreeOptions = {
    methods: [new HostileAngle(POINTS), new NearPoints(POINTS)],
    items: POINTS.slice(0, 30).map((_, row) => ({ id: 100 + row, heldOut: row < 25 })),
    kinds: [turned(HOSTILE, false, 3), turned('practised', true, 2)],
    seed: 1,
  };
  const outcome = await runLabelFree(options);
  return {
    report: reportLabelFree(outcome, { encoder: HOSTILE }),
    examples: await labelFreeExamples(options, outcome, { describe: describeItem }),
    collection: HOSTILE,
    date: '1 January 2030',
    command: `sandglass compare ${HOSTILE}`,
  };
}

async function labelledPage(): Promise<ReportPage> {
  const labels = new Map(POINTS.map(([x, y], row) => [100 + row, [x > y ? HOSTILE : 'steep']]));
  const options: LabelledOptions = {
    methods: [new AnglePoints(POINTS), new NearPoints(POINTS)],
    labels,
    queries: POINTS.slice(0, 30).map((point, row) => ({
      id: 100 + row,
      labels: labels.get(100 + row)!,
      feature: () => Promise.resolve(pointFeature(point)),
    })),
    seed: 1,
  };
  const outcome = await runLabelled(options);
  const examples = await labelledExamples(options, outcome, { describe: describeItem, count: 4, hits: 3 });
  return { report: reportLabelled(outcome), examples, collection: 'points', date: '1 January 2030' };
}

describe('markup', () => {
  test('escapes whatever is put in, in text and in attributes', () => {
    expect(escapeHtml(`<a href="x">'&`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;');
    expect(markup`<b title="${'"<'}">${['<i>', undefined, markup`<u>${1}</u>`]}</b>`.html).toBe(
      '<b title="&quot;&lt;">&lt;i&gt;<u>1</u></b>',
    );
  });

  test('shows what would be invisible or would turn the reading direction', () => {
    expect(visible('a\nb\u0000\u202Egpj\u200B\u{1F600}\uD800')).toBe('a␊b␀‹U+202E›gpj‹U+200B›\u{1F600}\uFFFD');
  });
});

describe.each([
  ['label-free', labelFreePage],
  ['labelled', labelledPage],
])('the page of a %s comparison', (protocol, makePage) => {
  let page: ReportPage;
  let html: string;

  beforeAll(async () => {
    page = await makePage();
    html = await renderReport(page);
  });

  test('lets no name, label or text out of its place', () => {
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('javascript:');
    expect(html).not.toMatch(/\son\w+=(?!x)[^<]*>/);
    expect(html).not.toMatch(/[\u202e\u0000]/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  test('asks for nothing from anywhere, and forbids itself to', () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    for (const [, target] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(target).toMatch(/^data:image\//);
    expect(html).not.toMatch(/url\(|@import|<link|<iframe|<object/);
  });

  test('has balanced elements', () => {
    const open: string[] = [];
    const isVoid = new Set(['meta', 'img', '!doctype']);
    for (const [, slash, name, closed] of html.matchAll(/<(\/?)([!a-z][a-z0-9]*)[^<>]*?(\/?)>/gi)) {
      if (closed === '/' || isVoid.has(name!.toLowerCase())) continue;
      if (slash === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('shows the headline, every figure and every chart', () => {
    const { report } = page;
    expect(html).toContain(escapeHtml(report.headline.split(' (')[0]!));
    for (const method of report.methods) {
      expect(html).toContain(`${method.mrr.toFixed(3)}<small>${method.intervals.mrr[0].toFixed(3)}`);
    }
    const charts = [...html.matchAll(/<svg[^>]* role="img"/g)].length;
    expect(charts).toBe(protocol === 'labelled' ? 6 : 5);
  });

  test('shows the examples with what each method found, the right ones marked', () => {
    const { examples } = page;
    expect([...html.matchAll(/<article class="example">/g)]).toHaveLength(examples.length);
    const hits = examples.flatMap(({ columns }) => columns.flatMap((column) => column.hits));
    expect([...html.matchAll(/<li class="hit/g)]).toHaveLength(hits.length);
    expect([...html.matchAll(/<li class="hit relevant/g)]).toHaveLength(hits.filter((hit) => hit.relevant).length);
    expect(hits.some((hit) => hit.relevant && hit.onlyHere)).toBe(true);
    expect(html).toContain(`<img src="${PIXEL}"`);
  });
});

describe('a page of more methods than colours', () => {
  const NAMES = ['plain', ...Array.from({ length: 9 }, (_, i) => `angle-${i}`), 'last'];

  test('puts the best first, colours few of them, and shows all figures and hits', async () => {
    const page = await labelFreePage();
    const [first] = page.report.methods;
    const methods = NAMES.map((method, place) => ({ ...first!, method, mrr: place / 20 }));
    const examples = page.examples.map((example) => ({
      ...example,
      columns: NAMES.map((method) => ({ ...example.columns[0]!, method })),
    }));
    const { verdict: _, ...report } = page.report;
    const html = await renderReport({ ...page, report: { ...report, methods }, examples });
    const rows = [...html.matchAll(/<th scope="row"><span class="method"><svg[\s\S]*?<bdi>([^<]+)<\/bdi>/g)].map(
      ([, name]) => name,
    );
    // the figures, the groups, the kinds of corruption
    const best = NAMES.toReversed();
    expect(rows).toEqual([...best, ...best, ...best]);
    const legend = /<p class="legend">([\s\S]*?)<\/p>/.exec(html)![1]!;
    expect([...legend.matchAll(/<bdi>([^<]+)<\/bdi>/g)].map(([, name]) => name)).toEqual([
      ...best.slice(0, 5),
      'others',
    ]);
    expect([...html.matchAll(/<details><summary>6 other methods/g)]).toHaveLength(examples.length);
    expect([...html.matchAll(/<div class="column">/g)]).toHaveLength(examples.length * NAMES.length);
    expect(html).toContain('class="heat"');
    for (const name of NAMES) expect(html).toContain(`>${name}</text>`);
  });
});
