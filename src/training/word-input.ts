// What an encoder of documents takes in: the words of each by their numbers, and how often each comes.
import { openSession, type SessionOptions } from '../runtime/onnx-session.ts';
import { paddedBatches, putRows } from '../runtime/padded-rows.ts';
import type { BagsOfWords } from './bags-of-words.ts';
import { type ExportDescription, exportGraph } from './export.ts';
import { add, log, mul } from './graph/elementwise.ts';
import type { Tensor } from './graph/graph.ts';
import { max, min } from './graph/selection.ts';
import { gather } from './graph/shaping.ts';
import { l2Normalise } from './graph/softmax.ts';

/**
 * An encoder of documents as an ONNX file. Its inputs are `words` int32 [N, longest], the numbers of the words of N documents,
 * and `counts` float32 [N, longest], how often each comes, 0 behind the last word of a document: a fraction of a
 * hundredth of the vocabulary is in a document, and neither the input nor the work on it should be as long as all of it.
 *
 * @param build is given the numbers, and their unit-length log-TF-IDF (1 + log count) · idf, [N, longest] both
 */
export function exportWordEncoder({
  idf,
  parameters,
  build,
  ...description
}: Omit<ExportDescription, 'inputs' | 'build'> & {
  readonly idf: Float32Array;
  build(words: Tensor, weights: Tensor, parameters: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
}): Uint8Array {
  return exportGraph({
    ...description,
    inputs: [
      { name: 'words', type: 'int32', row: ['longest'] },
      { name: 'counts', type: 'float32', row: ['longest'] },
    ],
    parameters: [...parameters, { name: 'idf', shape: [idf.length], data: idf }],
    build: ({ words, counts }, constants) => {
      // 1 + log c for c ≥ 1 and 0 for 0, without a condition.
      const logarithmic = add(min(counts!, 1), log(max(counts!, 1)));
      const weights = l2Normalise(mul(logarithmic, gather(constants.idf!, words!)));
      return build(words!, weights, constants);
    },
  });
}

/** The output `code` of an encoder for all documents: [documents × codeSize]. */
export async function encodeBags(
  encoder: Uint8Array,
  { rows, indptr, indices, counts }: BagsOfWords,
  codeSize: number,
  options: SessionOptions,
): Promise<Float32Array> {
  const session = await openSession(encoder, options);
  const bags = Array.from({ length: rows }, (_, row) => ({
    indices: indices.subarray(indptr[row]!, indptr[row + 1]!),
    counts: counts.subarray(indptr[row]!, indptr[row + 1]!),
  }));
  const codes = new Float32Array(rows * codeSize);
  try {
    for (const batch of paddedBatches(bags)) {
      const { code } = await session.run({ words: batch.columns, counts: batch.counts });
      putRows(codes, batch, code!.data as Float32Array, codeSize);
    }
  } finally {
    await session.release();
  }
  return codes;
}
