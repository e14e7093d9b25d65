// What a model leaves out: nodes on whose results no output depends.
import { describe, expect, it } from '@jest/globals';
import { exp, mul, tanh } from '../../../src/training/graph/elementwise.ts';
import { Graph } from '../../../src/training/graph/graph.ts';
import { loop } from '../../../src/training/graph/loop.ts';
import { maxPool2d } from '../../../src/training/graph/pooling.ts';

const operators = (graph: Graph) => graph.toProto().nodes.map(({ operator }) => operator);

describe('a model', () => {
  it('leaves out what no output depends on, and all that only led there', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [3]);
    exp(tanh(x));
    graph.output(mul(x, 2), 'y');
    expect(operators(graph)).toEqual(['Mul', 'Identity']);
  });

  it('keeps what only the body of a loop reads', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [3]);
    const outside = tanh(x);
    const { carried } = loop(graph.integers(2), [x], (_, __, [value]) => {
      exp(value!);
      return { carried: [mul(value!, outside)], collected: [] };
    });
    graph.output(carried[0]!, 'y');
    expect(operators(graph)).toEqual(['Tanh', 'Loop', 'Identity']);
    const { attributes } = graph.toProto().nodes[1]!;
    const body = attributes?.body;
    expect(body !== undefined && 'graph' in body && body.graph.nodes.map(({ operator }) => operator)).toEqual([
      'Mul',
      'Identity',
    ]);
  });

  it('pools without positions where nobody reads the switches', () => {
    const graph = new Graph('test');
    graph.output(maxPool2d(graph.input('x', 'float32', [1, 1, 4, 4]), { kernel: 2 }).pooled);
    expect(graph.toProto().nodes.map(({ outputs }) => outputs.length)).toEqual([1]);
  });
});
