// Writes ONNX models: the part of onnx.proto3 that Sandglass needs, in protobuf's wire format.
// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
import { SandglassError } from '../../errors.ts';
import type { ElementType, NumericData } from '../../runtime/numeric-tensor.ts';

/** TensorProto.DataType */
const ELEMENT_TYPE_NUMBERS: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
};

/** The number ONNX gives an element type, as operator Cast wants it. */
export function elementTypeNumber(type: ElementType): number {
  return ELEMENT_TYPE_NUMBERS[type];
}

export interface TensorProto {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: NumericData;
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type: ElementType;
  /** A name stands for a size that is open. */
  readonly shape: readonly (number | string)[];
}

export type AttributeProto =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: TensorProto }
  | { readonly graph: GraphProto };

export interface NodeProto {
  readonly operator: string;
  readonly name?: string;
  /** '' is the default domain, ONNX's own operators. */
  readonly domain?: string;
  /** '' leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeProto>>;
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly outputs: readonly ValueInfoProto[];
}

export interface ModelOptions {
  /** Key-value pairs kept in the file, for example what made it. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Version of ONNX's operators. @default 17 */
  readonly opset?: number;
  /** Operator domains beside ONNX's own, with their version. */
  readonly domains?: Readonly<Record<string, number>>;
}

/** Version 8 of the file format goes with opset 17. */
const IR_VERSION = 8;
/** A protobuf message is at most 2 GiB long. */
const LARGEST_MESSAGE = 2 ** 31 - 1;

/**
 * The bytes of an ONNX file.
 * @throws SandglassError GRAPH_SHAPE when they would be more than the 2 GiB protobuf allows
 */
export function encodeModel(graph: GraphProto, options: ModelOptions = {}): Uint8Array {
  const model = new MessageWriter()
    .integer(1, IR_VERSION)
    .string(2, 'sandglass')
    .message(7, writeGraph(graph))
    .message(8, writeOperatorSet('', options.opset ?? 17));
  for (const [domain, version] of Object.entries(options.domains ?? {})) {
    model.message(8, writeOperatorSet(domain, version));
  }
  for (const [key, value] of Object.entries(options.metadata ?? {})) {
    model.message(14, new MessageWriter().string(1, key).string(2, value));
  }
  if (model.length > LARGEST_MESSAGE) {
    throw new SandglassError(
      'GRAPH_SHAPE',
      `Expected a model of at most 2 GiB but '${graph.name}' would have ${(model.length / 2 ** 30).toFixed(1)} GiB; ` +
        'use smaller layers, and hand data in as inputs',
    );
  }
  return model.finish();
}

function writeOperatorSet(domain: string, version: number): MessageWriter {
  return new MessageWriter().string(1, domain).integer(2, version);
}

function writeGraph(graph: GraphProto): MessageWriter {
  const writer = new MessageWriter();
  for (const node of graph.nodes) writer.message(1, writeNode(node));
  writer.string(2, graph.name);
  for (const tensor of graph.initializers) writer.message(5, writeTensor(tensor));
  for (const input of graph.inputs) writer.message(11, writeValueInfo(input));
  for (const output of graph.outputs) writer.message(12, writeValueInfo(output));
  return writer;
}

function writeNode(node: NodeProto): MessageWriter {
  const writer = new MessageWriter();
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  if (node.name !== undefined) writer.string(3, node.name);
  writer.string(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    writer.message(5, writeAttribute(name, attribute));
  }
  if (node.domain !== undefined && node.domain !== '') writer.string(7, node.domain);
  return writer;
}

function writeAttribute(name: string, attribute: AttributeProto): MessageWriter {
  const writer = new MessageWriter().string(1, name);
  const TYPE = 20;
  if ('float' in attribute) return writer.float(2, attribute.float).integer(TYPE, 1);
  if ('int' in attribute) return writer.integer(3, attribute.int).integer(TYPE, 2);
  if ('string' in attribute) return writer.string(4, attribute.string).integer(TYPE, 3);
  if ('tensor' in attribute) return writer.message(5, writeTensor(attribute.tensor)).integer(TYPE, 4);
  if ('graph' in attribute) return writer.message(6, writeGraph(attribute.graph)).integer(TYPE, 5);
  if ('floats' in attribute) {
    for (const value of attribute.floats) writer.float(7, value);
    return writer.integer(TYPE, 6);
  }
  for (const value of attribute.ints) writer.integer(8, value);
  return writer.integer(TYPE, 7);
}

function writeTensor(tensor: TensorProto): MessageWriter {
  const writer = new MessageWriter();
  for (const size of tensor.shape) writer.integer(1, size);
  const { buffer, byteOffset, byteLength } = tensor.data;
  return writer
    .integer(2, ELEMENT_TYPE_NUMBERS[tensor.type])
    .string(8, tensor.name)
    .bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function writeValueInfo(value: ValueInfoProto): MessageWriter {
  const shape = new MessageWriter();
  for (const size of value.shape) {
    const dimension = new MessageWriter();
    shape.message(1, typeof size === 'number' ? dimension.integer(1, size) : dimension.string(2, size));
  }
  const tensorType = new MessageWriter().integer(1, ELEMENT_TYPE_NUMBERS[value.type]).message(2, shape);
  return new MessageWriter().string(1, value.name).message(2, new MessageWriter().message(1, tensorType));
}

const WIRE_VARINT = 0;
const WIRE_LENGTH = 2;
const WIRE_FIXED32 = 5;

/** A protobuf message in the making: a list of byte runs, joined once at the end so that weights are copied once. */
class MessageWriter {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  integer(field: number, value: number): this {
    return this.#tag(field, WIRE_VARINT).#varint(value);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#tag(field, WIRE_FIXED32).#append(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, WIRE_LENGTH).#varint(value.length).#append(value);
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, message: MessageWriter): this {
    this.#tag(field, WIRE_LENGTH).#varint(message.length);
    for (const part of message.#parts) this.#append(part);
    return this;
  }

  finish(): Uint8Array {
    const joined = new Uint8Array(this.length);
    let offset = 0;
    for (const part of this.#parts) {
      joined.set(part, offset);
      offset += part.length;
    }
    return joined;
  }

  #append(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.length += bytes.length;
    return this;
  }

  #tag(field: number, wireType: number): this {
    return this.#varint((field << 3) | wireType);
  }

  /** Seven bits a byte, low ones first; a negative number is written as its 64-bit two's complement. */
  #varint(value: number): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.#append(Uint8Array.from(bytes));
  }
}
