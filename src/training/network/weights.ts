// How a layer's weights start.
import {
  fans,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  type Initialiser,
  uniform,
} from '../initialisation.ts';
import type { ActivationName, InitialName } from './layer-specs.ts';

/** The named way, or the one that suits the activation: He's before a ReLU, Glorot's before anything else. */
export function initialiser({
  initial,
  activation,
}: {
  readonly initial?: InitialName | undefined;
  readonly activation: ActivationName;
}): Initialiser {
  const rectified = activation === 'relu' || activation === 'leakyRelu';
  switch (initial ?? (rectified ? 'heNormal' : 'glorotUniform')) {
    case 'heNormal':
      return heNormal();
    case 'heUniform':
      return heUniform();
    case 'glorotNormal':
      return glorotNormal();
    case 'glorotUniform':
      return glorotUniform();
    case 'uniform':
      return (shape, random) => uniform(1 / Math.sqrt(fans(shape).fanIn))(shape, random);
  }
}
