// Layers that are there in training only: corruption, dropout, and codes that are drawn.
import { addGaussianNoise, dropout, maskInputs } from '../corruption.ts';
import { add, exp, mul } from '../graph/elementwise.ts';
import { gemm } from '../graph/linear.ts';
import { type Shape, showShape } from '../graph/shape.ts';
import { glorotUniform, zeros } from '../initialisation.ts';
import { klToStandardNormal } from '../losses.ts';
import { type Layer, plainLayer, refuseInput, tensorNamed } from './layer.ts';
import type { LayerOf } from './layer-specs.ts';

export function corruptionLayer(
  name: string,
  spec: LayerOf<'mask'> | LayerOf<'noise'> | LayerOf<'dropout'>,
  input: Shape,
): Layer {
  return plainLayer({ name, kind: spec.kind, input }, input, (rows, { training }) => {
    if (training === undefined) return rows;
    if (spec.kind === 'noise') return addGaussianNoise(training.noise, rows, spec.deviation);
    const corrupt = spec.kind === 'mask' ? maskInputs : dropout;
    return corrupt(training.noise, rows, spec.probability);
  });
}

/** Mean and log-variance of the code; in training a code is drawn from them: mean + deviation · noise. */
export function gaussianLayer(name: string, { kind, units }: LayerOf<'gaussian'>, input: Shape): Layer {
  const [inputs] = input;
  if (inputs === undefined || input.length !== 1)
    refuseInput(name, kind, `expected rows with one axis but the layer before it gives ${showShape(input)}`);
  const shape = [inputs, units];
  const parts = ['mean', 'logVariance'] as const;
  const weight = { shape, initial: glorotUniform() };
  const bias = { shape: [units], initial: zeros };
  return {
    name,
    kind,
    input,
    output: [units],
    parameters: Object.fromEntries(
      parts.flatMap((part) => [
        [`${name}.${part}.weight`, weight],
        [`${name}.${part}.bias`, bias],
      ]),
    ),
    buffers: {},
    apply(rows, pass) {
      const head = (part: (typeof parts)[number]) =>
        gemm(rows, tensorNamed(pass, `${name}.${part}.weight`), { bias: tensorNamed(pass, `${name}.${part}.bias`) });
      const mean = head('mean');
      if (pass.training === undefined) return mean;
      const logVariance = head('logVariance');
      pass.training.divergences.push(klToStandardNormal(mean, logVariance));
      const deviation = exp(mul(logVariance, 0.5));
      return add(mean, mul(deviation, pass.training.noise.normal(mean.shape)));
    },
  };
}
