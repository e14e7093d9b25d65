// Layer and batch norm. Batch norm carries running statistics, which an exported network uses.
import { add, div, mul, sqrt, sub } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { batchNorm, layerNorm } from '../graph/normalisation.ts';
import type { Shape } from '../graph/shape.ts';
import { reshape } from '../graph/shaping.ts';
import { constant, zeros } from '../initialisation.ts';
import { type Layer, tensorNamed } from './layer.ts';
import type { LayerOf } from './layer-specs.ts';

export function layerNormLayer(name: string, { kind, epsilon }: LayerOf<'layerNorm'>, input: Shape): Layer {
  const gain = `${name}.gain`;
  const bias = `${name}.bias`;
  return {
    name,
    kind,
    input,
    output: input,
    parameters: { [gain]: { shape: input, initial: constant(1) }, [bias]: { shape: input, initial: zeros } },
    buffers: {},
    apply: (rows, pass) => layerNorm(rows, tensorNamed(pass, gain), tensorNamed(pass, bias), { epsilon }),
  };
}

/** Names of a batch norm layer's numbers, one a unit or a channel. */
export function batchNormNames(name: string) {
  return { gain: `${name}.gain`, bias: `${name}.bias`, mean: `${name}.mean`, variance: `${name}.variance` };
}

export function batchNormLayer(name: string, spec: LayerOf<'batchNorm'>, input: Shape): Layer {
  const names = batchNormNames(name);
  const shape = [input[0]!];
  return {
    name,
    kind: spec.kind,
    epsilon: spec.epsilon,
    input,
    output: input,
    parameters: { [names.gain]: { shape, initial: constant(1) }, [names.bias]: { shape, initial: zeros } },
    buffers: { [names.mean]: { shape, initial: zeros }, [names.variance]: { shape, initial: constant(1) } },
    apply(rows, pass) {
      const gain = tensorNamed(pass, names.gain);
      const bias = tensorNamed(pass, names.bias);
      const each = (values: Tensor) => reshape(values, [shape[0]!, ...input.slice(1).map(() => 1)]);
      if (pass.training === undefined) {
        // An exported network has no statistics: gain and bias are the scale and shift that they were folded into.
        if (!(names.mean in pass.values)) return add(mul(rows, each(gain)), each(bias));
        const deviation = sqrt(add(tensorNamed(pass, names.variance), spec.epsilon));
        const scale = div(gain, deviation);
        return add(mul(sub(rows, each(tensorNamed(pass, names.mean))), each(scale)), each(bias));
      }
      const { normalised, mean, unbiased } = batchNorm(rows, gain, bias, { epsilon: spec.epsilon });
      const { momentum } = spec;
      const moved = (of: string, now: Tensor) => add(mul(tensorNamed(pass, of), 1 - momentum), mul(now, momentum));
      pass.training.buffers.set(names.mean, moved(names.mean, mean));
      pass.training.buffers.set(names.variance, moved(names.variance, unbiased));
      return normalised;
    },
  };
}
