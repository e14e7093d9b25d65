// A BERT in safetensors, as Hugging Face keeps it, as the ONNX model that exporters make of it.
import { readFileSync } from 'node:fs';
import { encodeModel, type NodeProto, type TensorProto } from '../../src/training/graph/model-proto.ts';

export interface BertSize {
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
  /** Added to variances. */
  readonly epsilon: number;
}

type Attributes = NodeProto['attributes'];

/** The bytes of a model with the inputs input_ids, attention_mask, token_type_ids and the output last_hidden_state. */
export function bertModel(weightsFile: string, { layers, heads, hidden, epsilon }: BertSize): Uint8Array {
  const weights = readSafeTensors(weightsFile);
  const nodes: NodeProto[] = [];
  const tensors = new Map<string, TensorProto>();
  const weight = (name: string): string => {
    const found = weights.get(name);
    if (found === undefined) throw new Error(`Expected a tensor ${name} in ${weightsFile}`);
    tensors.set(name, { name, type: 'float32', ...found });
    return name;
  };
  const numbers = (...values: number[]): string => {
    const name = `integers ${values.join()}`;
    tensors.set(name, { name, type: 'int64', shape: [values.length], data: BigInt64Array.from(values.map(BigInt)) });
    return name;
  };
  const scalar = (value: number): string => {
    const name = `float ${value}`;
    tensors.set(name, { name, type: 'float32', shape: [], data: Float32Array.of(value) });
    return name;
  };
  const node = (operator: string, inputs: readonly string[], attributes: Attributes = {}): string => {
    const output = `${operator} ${nodes.length}`;
    nodes.push({ operator, inputs: [...inputs], outputs: [output], attributes });
    return output;
  };
  const normalised = (x: string, name: string): string =>
    node('LayerNormalization', [x, weight(`${name}.weight`), weight(`${name}.bias`)], { epsilon: { float: epsilon } });
  const dense = (x: string, name: string): string => {
    const transposed = node('Transpose', [weight(`${name}.weight`)], { perm: { ints: [1, 0] } });
    return node('Add', [node('MatMul', [x, transposed]), weight(`${name}.bias`)]);
  };

  const length = node('Gather', [node('Shape', ['input_ids']), numbers(1)]);
  const positions = node('Slice', [weight('embeddings.position_embeddings.weight'), numbers(0), length, numbers(0)]);
  const words = node('Gather', [weight('embeddings.word_embeddings.weight'), 'input_ids']);
  const types = node('Gather', [weight('embeddings.token_type_embeddings.weight'), 'token_type_ids']);
  let x = normalised(node('Add', [node('Add', [words, types]), positions]), 'embeddings.LayerNorm');

  const present = node('Cast', ['attention_mask'], { to: { int: 1 } });
  const absent = node('Mul', [node('Sub', [present, scalar(1)]), scalar(1e9)]);
  const mask = node('Unsqueeze', [absent, numbers(1, 2)]);
  const perHead = hidden / heads;
  for (let layer = 0; layer < layers; layer++) {
    const name = `encoder.layer.${layer}`;
    const part = (which: string, perm: readonly number[]): string => {
      const split = node('Reshape', [dense(x, `${name}.attention.self.${which}`), numbers(0, 0, heads, perHead)]);
      return node('Transpose', [split], { perm: { ints: perm } });
    };
    const scores = node('MatMul', [part('query', [0, 2, 1, 3]), part('key', [0, 2, 3, 1])]);
    const scaled = node('Add', [node('Div', [scores, scalar(Math.sqrt(perHead))]), mask]);
    const attended = node('MatMul', [node('Softmax', [scaled], { axis: { int: -1 } }), part('value', [0, 2, 1, 3])]);
    const joined = node('Transpose', [attended], { perm: { ints: [0, 2, 1, 3] } });
    const context = dense(node('Reshape', [joined, numbers(0, 0, hidden)]), `${name}.attention.output.dense`);
    x = normalised(node('Add', [x, context]), `${name}.attention.output.LayerNorm`);
    const wide = dense(x, `${name}.intermediate.dense`);
    const erf = node('Add', [node('Erf', [node('Div', [wide, scalar(Math.SQRT2)])]), scalar(1)]);
    const gelu = node('Mul', [node('Mul', [wide, erf]), scalar(0.5)]);
    x = normalised(node('Add', [x, dense(gelu, `${name}.output.dense`)]), `${name}.output.LayerNorm`);
  }
  nodes.push({ operator: 'Identity', inputs: [x], outputs: ['last_hidden_state'] });
  const open = ['batch', 'sequence'];
  return encodeModel({
    name: 'bert',
    nodes,
    initializers: [...tensors.values()],
    inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name) => ({ name, type: 'int64', shape: open })),
    outputs: [{ name: 'last_hidden_state', type: 'float32', shape: [...open, hidden] }],
  });
}

/** The float32 tensors of a safetensors file. */
function readSafeTensors(path: string): Map<string, { shape: readonly number[]; data: Float32Array }> {
  const bytes = readFileSync(path);
  const begin = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, begin)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (dtype !== 'F32') continue;
    const [from, to] = data_offsets;
    // Copied: numbers need not begin at a multiple of four there.
    const data = new Float32Array(Uint8Array.from(bytes.subarray(begin + from, begin + to)).buffer);
    tensors.set(name, { shape, data });
  }
  return tensors;
}
