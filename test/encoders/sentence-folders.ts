// Folders of small sentence encoders: words of a topic lie close together, whether or not two texts share one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeModel, type NodeProto, type TensorProto } from '../../src/training/graph/model-proto.ts';

/** Numbers of a vector. */
export const DIMENSIONS = 8;
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const;

export interface SentenceFolder {
  /** Words by topic: each topic is a direction. */
  readonly topics: Readonly<Record<string, readonly string[]>>;
  /** Names of the inputs. @default input_ids, attention_mask, token_type_ids */
  readonly inputs?: readonly string[];
  /** Sizes that the inputs declare. @default ['batch', 'sequence'] */
  readonly inputShape?: readonly (number | string)[];
  /** What the graph ends with. @default a vector a token, as `last_hidden_state` */
  readonly ending?:
    | 'tokens'
    | 'sentence'
    | 'nothing'
    | 'nan'
    | 'no numbers'
    | 'as many numbers as tokens'
    | 'two unknown';
  /** Where in the folder the model is written. @default model.onnx */
  readonly file?: string;
  /** Further files by path; a text is written as it is. */
  readonly files?: Readonly<Record<string, unknown>>;
}

/** Writes the folder. */
export function writeSentenceFolder(folder: string, description: SentenceFolder): string {
  const { file = 'model.onnx', files = {} } = description;
  const words = [...SPECIAL, ...Object.values(description.topics).flat()];
  write(folder, file, modelOf(description, words));
  const texts = { 'tokenizer.json': tokenizerOf(words), ...files };
  for (const [name, value] of Object.entries(texts))
    if (value !== undefined) write(folder, name, typeof value === 'string' ? value : JSON.stringify(value));
  return folder;
}

/** One word, one token; between [CLS] and [SEP]. */
function tokenizerOf(words: readonly string[]) {
  const special = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
  const text = { Sequence: { id: 'A', type_id: 0 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL.map((content, id) => ({
      ...{ id, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false },
    })),
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]'), text, special('[SEP]')],
      pair: [special('[CLS]'), text, special('[SEP]')],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [words.indexOf(token)], tokens: [token] }]),
      ),
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  };
}

/** What the model knows of tokens, the special ones among them. */
export function vectorOf(topics: SentenceFolder['topics'], token: string): number[] {
  const words = [...SPECIAL, ...Object.values(topics).flat()];
  const row = words.indexOf(token);
  return [...vectorsOf(topics, words).subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS)];
}

/** [words, DIMENSIONS]: the topic's direction and a little of each word's own. */
function vectorsOf(topics: SentenceFolder['topics'], words: readonly string[]): Float32Array {
  const directions = Object.values(topics);
  const vectors = new Float32Array(words.length * DIMENSIONS);
  words.forEach((word, row) => {
    const topic = directions.findIndex((each) => each.includes(word));
    if (topic >= 0) vectors[row * DIMENSIONS + topic] = 1;
    vectors[row * DIMENSIONS + DIMENSIONS - 1 - (row % 3)]! += 0.05 * ((row % 7) - 3);
  });
  return vectors;
}

function modelOf({ topics, inputs, inputShape, ending = 'tokens' }: SentenceFolder, words: readonly string[]) {
  const names = inputs ?? ['input_ids', 'attention_mask', 'token_type_ids'];
  const tensors: TensorProto[] = [
    { name: 'words', type: 'float32', shape: [words.length, DIMENSIONS], data: vectorsOf(topics, words) },
    { name: 'nothing', type: 'float32', shape: [1], data: new Float32Array([0]) },
    { name: 'one', type: 'int64', shape: [1], data: new BigInt64Array([1n]) },
    { name: 'none', type: 'int64', shape: [1], data: new BigInt64Array([0n]) },
    { name: 'last', type: 'int64', shape: [1], data: new BigInt64Array([2n]) },
  ];
  const node = (operator: string, from: string[], to: string, attributes: NodeProto['attributes'] = {}): NodeProto => ({
    ...{ operator, inputs: from, outputs: [to], attributes },
  });
  const look = node('Gather', ['words', names[0]!], 'vectors');
  const endings: Record<NonNullable<SentenceFolder['ending']>, [NodeProto[], [string, (number | string)[]][]]> = {
    tokens: [
      [node('Identity', ['vectors'], 'last_hidden_state')],
      [['last_hidden_state', ['batch', 'sequence', DIMENSIONS]]],
    ],
    sentence: [
      [
        node('Identity', ['vectors'], 'token_embeddings'),
        node('ReduceMax', ['vectors'], 'sentence_embedding', { axes: { ints: [1] }, keepdims: { int: 0 } }),
      ],
      [
        ['token_embeddings', ['batch', 'sequence', DIMENSIONS]],
        ['sentence_embedding', ['batch', DIMENSIONS]],
      ],
    ],
    nothing: [[node('ReduceMean', ['vectors'], 'score', { keepdims: { int: 0 } })], [['score', []]]],
    nan: [
      [node('Div', ['nothing', 'nothing'], 'nan'), node('Add', ['vectors', 'nan'], 'out')],
      [['out', ['batch', 'sequence', DIMENSIONS]]],
    ],
    'no numbers': [[node('Slice', ['vectors', 'none', 'none', 'last'], 'out')], [['out', ['batch', 'sequence', 0]]]],
    'as many numbers as tokens': [
      [node('Transpose', ['vectors'], 'out', { perm: { ints: [0, 2, 1] } })],
      [['out', ['batch', DIMENSIONS, 'sequence']]],
    ],
    'two unknown': [
      [node('Identity', ['vectors'], 'first'), node('Identity', ['vectors'], 'second')],
      [
        ['first', ['batch', 'sequence', DIMENSIONS]],
        ['second', ['batch', 'sequence', DIMENSIONS]],
      ],
    ],
  };
  const [nodes, outputs] = endings[ending];
  const batch = [...(inputShape ?? ['batch', 'sequence'])];
  return encodeModel({
    name: 'sentences',
    nodes: [look, ...nodes],
    initializers: tensors,
    inputs: names.map((name) => ({ name, type: 'int64', shape: batch })),
    outputs: outputs.map(([name, shape]) => ({ name, type: 'float32', shape })),
  });
}

function write(folder: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
