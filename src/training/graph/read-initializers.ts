// Reads the weights out of an ONNX file: the few fields of onnx.proto3 that hold them, from protobuf's wire format.

/** A float32 tensor of a model. */
export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
const GRAPH_OF_MODEL = 7;
const INITIALIZER_OF_GRAPH = 5;
const TENSOR = { size: 1, type: 2, name: 8, bytes: 9 } as const;
const FLOAT32 = 1;

/**
 * The float32 initializers of a model that was written by this project (their values lie in the file, as raw bytes).
 *
 * @throws RangeError when the bytes are no such model
 */
export function readInitializers(model: Uint8Array): Initializer[] {
  const found: Initializer[] = [];
  for (const graph of messages(model, GRAPH_OF_MODEL)) {
    for (const tensor of messages(graph, INITIALIZER_OF_GRAPH)) {
      const initializer = readTensor(tensor);
      if (initializer !== undefined) found.push(initializer);
    }
  }
  return found;
}

function readTensor(bytes: Uint8Array): Initializer | undefined {
  const shape: number[] = [];
  let type = 0;
  let name = '';
  let raw: Uint8Array | undefined;
  for (const { number, value } of fields(bytes)) {
    if (number === TENSOR.size && typeof value === 'number') shape.push(value);
    else if (number === TENSOR.type && typeof value === 'number') type = value;
    else if (number === TENSOR.name && typeof value !== 'number') name = new TextDecoder().decode(value);
    else if (number === TENSOR.bytes && typeof value !== 'number') raw = value;
  }
  if (type !== FLOAT32 || raw === undefined) return undefined;
  // A copy of its own: floats must lie at multiples of four bytes.
  return { name, shape, data: new Float32Array(new Uint8Array(raw).buffer) };
}

function messages(bytes: Uint8Array, wanted: number): Uint8Array[] {
  return [...fields(bytes)].flatMap(({ number, value }) =>
    number === wanted && typeof value !== 'number' ? [value] : [],
  );
}

interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw broken();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  const run = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw broken();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) yield { number, value: varint() };
    else if (wireType === 2) yield { number, value: run(varint()) };
    else if (wireType === 5) run(4);
    else if (wireType === 1) run(8);
    else throw broken();
  }
}

function broken(): RangeError {
  return new RangeError('Expected the bytes of an ONNX model but they end too early or hold something else');
}
