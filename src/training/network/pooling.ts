// Layers that make pictures smaller and larger: max pooling that remembers, unpooling that puts back, upsampling.
import { maxPool2d, unpool2d, upsampleNearest } from '../graph/pooling.ts';
import { type Shape, sameShape, showShape } from '../graph/shape.ts';
import { pair, picture, reach } from './convolution.ts';
import { type Layer, plainLayer, refuseInput } from './layer.ts';
import type { LayerOf } from './layer-specs.ts';

export function maxPoolLayer(name: string, spec: LayerOf<'maxPool2d'>, input: Shape): Layer {
  const { kind, kernel, stride = kernel, padding, dilation } = spec;
  const [channels, height, width] = picture(name, kind, input);
  const wide = reach(pair(kernel), pair(dilation));
  if (pair(padding).some((side, axis) => side > pair(kernel)[axis]! / 2))
    refuseInput(
      name,
      kind,
      `expected a padding of at most half the kernel ${showShape(pair(kernel))} but received ${showShape(pair(padding))}`,
    );
  const sides = [height, width].map(
    (side, axis) => Math.floor((side + 2 * pair(padding)[axis]! - wide[axis]!) / pair(stride)[axis]!) + 1,
  );
  if (sides.some((side) => side < 1))
    refuseInput(name, kind, `a window of ${showShape(pair(kernel))} does not fit into ${showShape(input)}`);
  const layer = plainLayer({ name, kind, input }, [channels, ...sides], (rows, pass) => {
    const { pooled, switches } = maxPool2d(rows, { kernel, stride, padding, dilation });
    if (spec.name !== undefined) pass.switches.set(spec.name, switches);
    return pooled;
  });
  return spec.name === undefined ? layer : { ...layer, poolName: spec.name };
}

/** @param pool the pooling layer it undoes */
export function unpoolLayer(name: string, spec: LayerOf<'unpool2d'>, input: Shape, pool: Layer | undefined): Layer {
  const { kind, of } = spec;
  if (pool === undefined) refuseInput(name, kind, `expected a maxPool2d layer with the name "${of}" in the encoder`);
  if (!sameShape(pool.output, input))
    refuseInput(
      name,
      kind,
      `the pooling layer "${of}" gave ${showShape(pool.output)} but the layer before this one gives ${showShape(input)}`,
    );
  const layer = plainLayer({ name, kind, input }, pool.input, (rows, pass) => {
    const switches = pass.switches.get(of);
    if (switches === undefined) throw new TypeError(`Expected the switches of '${of}' but received none`);
    return unpool2d(rows, switches, pool.input);
  });
  return { ...layer, unpools: of };
}

export function upsampleLayer(name: string, { kind, factor }: LayerOf<'upsample'>, input: Shape): Layer {
  const [channels, height, width] = picture(name, kind, input);
  return plainLayer({ name, kind, input }, [channels, height * factor, width * factor], (rows) =>
    upsampleNearest(rows, factor),
  );
}
