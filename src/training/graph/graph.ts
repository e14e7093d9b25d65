// A graph of ONNX operators in the making: typed tensors with known shapes, constants, inputs, outputs, sub-graphs.
import type { ElementType, NumericData } from '../../runtime/numeric-tensor.ts';
import { liveNodes } from './live-nodes.ts';
import {
  type AttributeProto,
  encodeModel,
  type GraphProto,
  type ModelOptions,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './model-proto.ts';
import { type Shape, shapeError, showShape } from './shape.ts';

/** How the gradient of a loss comes back to one input of an operator: from the gradient at its output. */
export type InputGradient = (outputGradient: Tensor) => Tensor;

/** A value that flows through a graph. Sizes are fixed while a graph is built; see {@link Graph.input} for open ones. */
export class Tensor {
  readonly graph: Graph;
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
  /** Later tensors have higher numbers: the order in which gradients flow back. */
  readonly order: number;
  /** The inputs this tensor was computed from and how gradients reach them; absent where no gradient passes. */
  readonly origins: readonly (readonly [Tensor, InputGradient])[];
  /** The number, when this is a constant scalar. */
  readonly constant: number | undefined;

  constructor(
    graph: Graph,
    name: string,
    type: ElementType,
    shape: Shape,
    origins: Tensor['origins'] = [],
    constant?: number,
  ) {
    this.graph = graph;
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.origins = origins;
    this.constant = constant;
    this.order = graph.root.countTensor();
  }
}

export interface OutputDescription {
  readonly type: ElementType;
  readonly shape: Shape;
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeProto>>;
  /** '' is ONNX's own operators. */
  readonly domain?: string;
}

/**
 * Nodes in the order of their computation. A sub-graph (the body of a Loop) sees every tensor of its parents; constants
 * are kept once, in the outermost graph.
 */
export class Graph {
  readonly name: string;
  readonly parent: Graph | undefined;
  readonly root: Graph;
  readonly depth: number;
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  /** Names of what nodes of this graph computed and what is no output yet. */
  readonly #results = new Set<string>();
  readonly #smallConstants = new Map<string, Tensor>();
  readonly #domains = new Set<string>();
  readonly #layers: string[] = [];
  #names = 0;
  #tensors = 0;

  constructor(name: string, parent?: Graph) {
    this.name = name;
    this.parent = parent;
    this.root = parent?.root ?? this;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  /** A name no other tensor or node of the model has. */
  uniqueName(stem: string): string {
    return `${this.layer === '' ? '' : `${this.layer}/`}${stem}_${this.root.#names++}`;
  }

  /** @internal */
  countTensor(): number {
    return this.#tensors++;
  }

  /** The names of the layers being built, from the outermost to the innermost; errors and node names carry it. */
  get layer(): string {
    return this.root.#layers.join('.');
  }

  /** Builds something under the name of a layer. */
  inLayer<Result>(name: string, build: () => Result): Result {
    this.root.#layers.push(name);
    try {
      return build();
    } finally {
      this.root.#layers.pop();
    }
  }

  /**
   * A value handed in at run time.
   *
   * @param shape the shape operators reckon with
   * @param declared the shape the model declares: a name leaves a size open, for example ['N', 64]; what is built must
   *   then be right for any such size
   */
  input(name: string, type: ElementType, shape: Shape, declared: readonly (number | string)[] = shape): Tensor {
    this.#inputs.push({ name, type, shape: declared });
    return new Tensor(this, name, type, shape);
  }

  /** Makes a tensor an output, under a name of its own when one is given. */
  output(tensor: Tensor, name?: string, declared: readonly (number | string)[] = tensor.shape): void {
    // A name of its own, an input passed through and a second use take a node that may copy; a result of this graph can
    // be an output as it is.
    const direct = name === undefined && this.#results.delete(tensor.name);
    const outputName = direct ? tensor.name : (name ?? this.uniqueName('output'));
    if (!direct) this.#nodes.push({ operator: 'Identity', inputs: [tensor.name], outputs: [outputName] });
    this.#outputs.push({ name: outputName, type: tensor.type, shape: declared });
  }

  /** A value stored in the model. */
  constant(data: NumericData, type: ElementType, shape: Shape, stem = 'constant'): Tensor {
    const { root } = this;
    const key = data.length <= 64 ? `${type} ${shape.join()} ${data.join()}` : undefined;
    const known = key === undefined ? undefined : root.#smallConstants.get(key);
    if (known !== undefined) return known;
    const name = this.uniqueName(stem);
    root.#initializers.push({ name, type, shape, data });
    const value = shape.length === 0 && type === 'float32' ? Number(data[0]) : undefined;
    const tensor = new Tensor(root, name, type, shape, [], value);
    if (key !== undefined) root.#smallConstants.set(key, tensor);
    return tensor;
  }

  /** A float constant with the shape []. */
  scalar(value: number): Tensor {
    return this.constant(Float32Array.of(value), 'float32', []);
  }

  /** An int64 constant: a list, or the shape [] for a single number. */
  integers(values: readonly number[] | number): Tensor {
    const list = typeof values === 'number' ? [values] : values;
    return this.constant(
      BigInt64Array.from(list, (value) => BigInt(value)),
      'int64',
      typeof values === 'number' ? [] : [list.length],
    );
  }

  /** Appends an operator with any number of outputs; `undefined` leaves an optional input out. */
  node(
    operator: string,
    inputs: readonly (Tensor | undefined)[],
    outputs: readonly OutputDescription[],
    options: NodeOptions = {},
  ): Tensor[] {
    for (const { shape } of outputs) this.#checkSizes(operator, shape);
    const tensors = outputs.map(({ type, shape }) => new Tensor(this, this.uniqueName(operator), type, shape));
    for (const { name } of tensors) this.#results.add(name);
    const domain = options.domain ?? '';
    if (domain !== '') this.root.#domains.add(domain);
    this.#nodes.push({
      operator,
      domain,
      name: this.uniqueName(`node_${operator}`),
      inputs: inputs.map((tensor) => tensor?.name ?? ''),
      outputs: tensors.map((tensor) => tensor.name),
      attributes: options.attributes ?? {},
    });
    return tensors;
  }

  toProto(): GraphProto {
    return {
      name: this.name,
      nodes: liveNodes(
        this.#nodes,
        this.#outputs.map(({ name }) => name),
      ),
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  /** The bytes of the ONNX file. */
  toModel(options: ModelOptions = {}): Uint8Array {
    const domains = Object.fromEntries([...this.#domains].map((domain) => [domain, 1]));
    return encodeModel(this.toProto(), { ...options, domains });
  }

  #checkSizes(operator: string, shape: Shape): void {
    if (shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return;
    throw shapeError(this.layer, operator, `the result would have the impossible shape ${showShape(shape)}`);
  }
}

/** The innermost graph among those of some tensors: where an operator on them belongs. */
export function innermostGraph(tensors: readonly (Tensor | undefined)[]): Graph {
  let innermost: Graph | undefined;
  for (const tensor of tensors) {
    if (tensor !== undefined && (innermost === undefined || tensor.graph.depth > innermost.depth)) {
      innermost = tensor.graph;
    }
  }
  if (innermost === undefined) throw new TypeError('Expected at least one tensor but received none');
  return innermost;
}

/** Appends an operator with one output to the graph its inputs live in. */
export function emit(
  operator: string,
  inputs: readonly (Tensor | undefined)[],
  shape: Shape,
  options: NodeOptions & { readonly type?: ElementType } = {},
): Tensor {
  const type = options.type ?? 'float32';
  return innermostGraph(inputs).node(operator, inputs, [{ type, shape }], options)[0]!;
}

/** The same value, with the ways its gradient takes back. Each is only built when somebody asks for that gradient. */
export function differentiable(value: Tensor, origins: Tensor['origins']): Tensor {
  return new Tensor(value.graph, value.name, value.type, value.shape, origins);
}

/** The same value, through which no gradient passes. */
export function stopGradient(value: Tensor): Tensor {
  return new Tensor(value.graph, value.name, value.type, value.shape);
}

/** Throws GRAPH_SHAPE for an operator on some tensors. */
export function refuse(operator: string, tensors: readonly Tensor[], problem: string): never {
  throw shapeError(innermostGraph(tensors).layer, operator, problem);
}
