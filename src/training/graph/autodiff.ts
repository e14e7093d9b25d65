// Reverse-mode differentiation: from a loss back to what it was computed from.
import { add } from './elementwise.ts';
import { refuse, type Tensor } from './graph.ts';
import { showShape } from './shape.ts';

/**
 * Gradients of a scalar loss with respect to some tensors, as further nodes of the loss's graph.
 *
 * Tensors are visited from the last made to the first, so that every use of a tensor has contributed before the
 * gradient passes on; only paths that lead to `parameters` are built.
 *
 * @throws SandglassError GRAPH_SHAPE when the loss is no scalar or does not depend on one of the parameters
 */
export function gradients(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
  if (loss.shape.length !== 0)
    refuse('gradients', [loss], `expected a scalar loss but received ${showShape(loss.shape)}`);
  const wanted = new Set(parameters);
  const path = tensorsLeadingTo(wanted, loss);
  const arrived = new Map<Tensor, Tensor>([[loss, loss.graph.scalar(1)]]);
  for (const tensor of path) {
    const gradient = arrived.get(tensor);
    if (gradient === undefined) continue;
    for (const [origin, inputGradient] of tensor.origins) {
      if (!path.has(origin)) continue;
      const contribution = inputGradient(gradient);
      if (contribution.shape.join() !== origin.shape.join()) {
        refuse(
          'gradients',
          [origin],
          `the gradient of ${origin.name} ${showShape(origin.shape)} came as ${showShape(contribution.shape)}`,
        );
      }
      const earlier = arrived.get(origin);
      arrived.set(origin, earlier === undefined ? contribution : add(earlier, contribution));
    }
  }
  return parameters.map((parameter) => {
    const gradient = arrived.get(parameter);
    return gradient ?? refuse('gradients', [loss], `the loss does not depend on '${parameter.name}'`);
  });
}

/** Every tensor between `loss` and the wanted ones (both included), the last made first. */
function tensorsLeadingTo(wanted: ReadonlySet<Tensor>, loss: Tensor): Set<Tensor> {
  const reachable = new Set<Tensor>([loss]);
  for (const tensor of reachable) for (const [origin] of tensor.origins) reachable.add(origin);
  const inOrder = [...reachable].sort((a, b) => a.order - b.order);
  const leading = new Set<Tensor>();
  for (const tensor of inOrder) {
    if (wanted.has(tensor) || tensor.origins.some(([origin]) => leading.has(origin))) leading.add(tensor);
  }
  return new Set(inOrder.reverse().filter((tensor) => leading.has(tensor)));
}
