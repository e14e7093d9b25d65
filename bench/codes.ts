// What do codes in fewer bytes find of what floats find, how long does a question take, and how much memory is it?
//
// The codes of 20,000 pictures and 20,000 posts with their passages, asked for the ten nearest others of some of them; what is found in a
// shorter form is looked up in the catalog as floats, as questions do. By the number of candidates: what so many would find.
// Options: --items N (20,000), --questions N (500), --fresh (make the indexes anew).
import { join } from 'node:path';
import { Catalog } from '../dist/index/catalog.js';
import { INDEX_DIRECTORY, indexLayout } from '../dist/index/layout.js';
import { searchBytes, searchHalves } from '../dist/index/quantize.js';
import { searchSigns } from '../dist/index/sign-bits.js';
import { readCodeUnits, readSomeFloats } from '../dist/library/units.js';
import { floatCodes, type SearchedCodes, shortCodes } from '../dist/methods/searched-codes.js';
import { ARCHIVES, pictureIndex, textIndex } from './collections.ts';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { median } from './rounds.ts';

const K = 10;
const CANDIDATES = [10, 20, 50, 100, 200, 500];
const SHORT = [
  { name: 'float16', form: 'float16', search: searchHalves },
  { name: 'int8', form: 'int8', search: searchBytes },
  { name: 'bits', form: 'signs', search: searchSigns },
] as const;

demand(ARCHIVES.newsgroups, ...ARCHIVES.photos, ARCHIVES.cifar);
const items = numberOption('items', 20_000);
const questions = numberOption('questions', 500);

printHeader(`Codes in fewer bytes: ${questions} codes asked for the ${K} nearest others`, installed('better-sqlite3'));
printRow('', 'codes', 'bytes each', 'all kB', 'recall', 'ms', ...CANDIDATES.map((count) => `of ${count}`));
report('image', await pictureIndex(items), ['ae']);
report('text', await textIndex(items), ['ae', 'lsa']);

function report(kind: 'image' | 'text', directory: string, methods: readonly string[]): void {
  using catalog = Catalog.open(indexLayout(join(directory, INDEX_DIRECTORY)), { readOnly: true });
  for (const method of methods) {
    const { id, dimensions } = catalog.encoders.active(method, kind)!;
    const units = readCodeUnits(catalog, id, true);
    const floats = units.codes as Float32Array;
    const exact = floatCodes(floats, units.items, dimensions);
    const truth = ask(exact, K);
    print('float32', 4 * dimensions, truth.milliseconds, 1, []);
    for (const { name, form, search } of SHORT) {
      const packed = readCodeUnits(catalog, id, true, form);
      const codes = packed.codes as Uint8Array;
      const short = shortCodes(form, codes, packed.items, (rows) => readSomeFloats(catalog, packed, rows));
      const { milliseconds, answers } = ask(short, K);
      const unordered = ask(
        { search: (query, k, accept) => search(codes, query, k, packed.items, accept) },
        CANDIDATES.at(-1)!,
      );
      const shares = CANDIDATES.map((count) =>
        recallOf(
          truth.answers,
          unordered.answers.map((rows) => rows.slice(0, count)),
        ),
      );
      print(name, short.bytesPerItem, milliseconds, recallOf(truth.answers, answers), shares);
    }

    /** What some codes, evenly spread, are answered, themselves left out. */
    function ask(codes: Pick<SearchedCodes, 'search'>, k: number): { milliseconds: number; answers: number[][] } {
      const times: number[] = [];
      const answers = Array.from({ length: questions }, (_, question) => {
        const own = Math.floor((question * units.items.ids.length) / questions);
        const query = floats.slice(own * dimensions, (own + 1) * dimensions);
        const began = performance.now();
        const hits = codes.search(query, k + 1);
        times.push(performance.now() - began);
        return hits.map(({ row }) => row).filter((row) => row !== own);
      });
      return { milliseconds: median(times), answers: answers.map((rows) => rows.slice(0, k)) };
    }

    function print(form: string, bytes: number, milliseconds: number, recall: number, shares: readonly number[]): void {
      const count = units.items.ids.length;
      const figures = [count, bytes, Math.round((count * bytes) / 1000), recall.toFixed(3), milliseconds.toFixed(2)];
      printRow(`${kind} ${method} ${form}`, ...figures, ...shares.map((share) => share.toFixed(3)));
    }
  }
}

/** The share of the right rows that are among those found. Equal codes may stand for one another, which counts as missed. */
function recallOf(right: readonly number[][], found: readonly number[][]): number {
  let [there, all] = [0, 0];
  right.forEach((rows, question) => {
    const among = new Set(found[question]);
    there += rows.filter((row) => among.has(row)).length;
    all += rows.length;
  });
  return there / all;
}

function printRow(name: string, ...cells: readonly (string | number)[]): void {
  console.log(name.padEnd(20) + cells.map((cell) => `${cell}`.padStart(11)).join(''));
}
