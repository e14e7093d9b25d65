// A data set of a folder of documents: rows of word counts over a vocabulary that the training documents give.
import { extractAll } from '../features/pool.ts';
import type { WalkedFile } from '../files/walk.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { BagStore } from './bag-store.ts';
import type { DataSets } from './data-set.ts';
import { type FilePlan, type PlannedFile, planFiles } from './file-parts.ts';
import { counted, invalid, type Opening, throwIfStopped } from './opening.ts';
import { type PartsSettings, writeParts } from './parts.ts';
import { openSinks } from './row-sink.ts';
import { ScratchFile } from './scratch-file.ts';
import { trainingVocabulary } from './training-vocabulary.ts';

const LARGEST_COUNT = 255;
const PROGRESS_FILES = 100;

/** @throws SandglassError DATA_SET_INVALID when no document holds a word, ABORTED, DISK_FULL, OUTPUT_UNWRITABLE */
export async function openDocuments(documents: readonly WalkedFile[], opening: Opening): Promise<DataSets> {
  const plan = planFiles(documents, opening);
  const large = plan.files.length * opening.rowBytes > opening.mostBytes;
  const scratch = large ? await ScratchFile.create(opening.scratch) : undefined;
  try {
    const bags = new BagStore(scratch);
    const read = await readBags(plan, bags, opening);
    return await countWords(plan, bags, read, opening);
  } finally {
    await scratch?.close();
  }
}

interface ReadBags {
  /** The files that are texts, in the order of their bags. */
  readonly files: readonly PlannedFile[];
  readonly words: WordNumbers;
}

/** The number of each word, and in how many training documents it occurs. */
class WordNumbers {
  readonly frequencies: number[] = [];
  readonly #numbers = new Map<string, number>();

  /** The words of a document as numbers. */
  ofDocument({ terms }: TextFeature, isTraining: boolean): Uint32Array {
    const increment = isTraining ? 1 : 0;
    return Uint32Array.from(terms, (term) => {
      let number = this.#numbers.get(term);
      if (number === undefined) {
        number = this.frequencies.push(0) - 1;
        this.#numbers.set(term, number);
      }
      this.frequencies[number]! += increment;
      return number;
    });
  }

  /** Each word that a training document has, with the number of those that do. */
  trained(): (readonly [word: string, documents: number])[] {
    return [...this.#numbers.keys()]
      .map((word, number) => [word, this.frequencies[number]!] as const)
      .filter(([, documents]) => documents > 0);
  }

  /** The words in the order of their numbers. */
  words(): IterableIterator<string> {
    return this.#numbers.keys();
  }
}

async function readBags({ files }: FilePlan, bags: BagStore, opening: Opening): Promise<ReadBags> {
  const { failures, notices, onProgress, signal } = opening;
  const texts: PlannedFile[] = [];
  const words = new WordNumbers();
  let passedOver = 0;
  let done = 0;
  for await (const { file, result } of extractAll(files, signal === undefined ? {} : { signal })) {
    if (result.status === 'failed') {
      failures.push({ path: file.path, code: result.error.code, message: result.error.message });
    } else if (result.status === 'skipped' || result.kind === 'image') passedOver++;
    else {
      const counts = Uint8Array.from(result.feature.counts, (count) => Math.min(count, LARGEST_COUNT));
      const waiting = bags.append({ words: words.ofDocument(result.feature, !file.isTest), counts });
      texts.push(file);
      if (waiting !== undefined) await waiting;
    }
    if (++done % PROGRESS_FILES === 0 || done === files.length) {
      onProgress({ stage: 'reading', done, total: files.length });
    }
  }
  if (passedOver > 0) notices.push(`${counted(passedOver, 'file')} passed over: empty, or no text after all.`);
  return { files: texts, words };
}

async function countWords(
  { labelNames }: FilePlan,
  bags: BagStore,
  { files, words }: ReadBags,
  opening: Opening,
): Promise<DataSets> {
  const { folder, rowBytes: inputs, notices, onProgress, signal } = opening;
  const test = files.filter(({ isTest }) => isTest).length;
  const vocabulary = trainingVocabulary(words.trained(), files.length - test, inputs);
  if (vocabulary.size === 0) {
    const came = `${counted(files.length, 'readable document')} without a word among the training documents`;
    throw invalid(`Expected documents with words in ${folder} but received ${came}.`, folder);
  }
  if (vocabulary.size < inputs) {
    notices.push(
      `The training documents hold ${counted(vocabulary.size, 'word')}; ` +
        `${(inputs - vocabulary.size).toLocaleString('en')} of the network's ${inputs.toLocaleString('en')} inputs are always 0.`,
    );
  }
  const placeOf = Int32Array.from(words.words(), (word) => vocabulary.indexOf(word));
  const settings: PartsSettings = { kind: 'documents', noun: 'document', labelNames, named: true, vocabulary };
  const sinks = await openSinks([files.length - test, test], opening);
  return await writeParts(opening, sinks, settings, async (parts) => {
    const row = new Uint8Array(inputs);
    let done = 0;
    let empty = 0;
    for await (const bag of bags.read()) {
      throwIfStopped(signal);
      const file = files[done++]!;
      row.fill(0);
      let known = 0;
      bag.words.forEach((word, i) => {
        const place = placeOf[word]!;
        if (place >= 0) row[place] = bag.counts[i]!;
        if (place >= 0) known++;
      });
      if (known === 0) empty++;
      else {
        const waiting = (file.isTest ? parts.test : parts.train).append(row, file.path, file.label);
        if (waiting !== undefined) await waiting;
      }
      if (done % PROGRESS_FILES === 0 || done === files.length) {
        onProgress({ stage: 'counting', done, total: files.length });
      }
    }
    if (empty > 0) {
      notices.push(
        `${counted(empty, 'document')} hold${empty === 1 ? 's' : ''} no word of the vocabulary and ${empty === 1 ? 'is' : 'are'} left out.`,
      );
    }
  });
}
