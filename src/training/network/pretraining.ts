// Greedy layer-wise pre-training (Bengio et al. 2007): each layer of the encoder and its mirror learn, as an auto-encoder of
// their own, to give back what the layers below make of the data. Then all are trained together.
import { SandglassError } from '../../errors.ts';
import { stopGradient, type Tensor } from '../graph/graph.ts';
import { meanSquaredError } from '../losses.ts';
import { defineProgram, type InputDescription, type Program } from '../program.ts';
import { outputOf, through, valuesOf } from './forward.ts';
import { type Layer, withRows } from './layer.ts';
import { isCorruption } from './layer-specs.ts';
import type { Network } from './network.ts';
import { pickedRows, type RowsOfProgram, rowInputs } from './network-program.ts';
import type { Recipe } from './recipe.ts';

/** One auto-encoder of the stack. */
export interface PretrainingStage {
  /** `layer 1 of 4` */
  readonly name: string;
  /** What comes before: trained, and left as it is. */
  readonly below: readonly Layer[];
  readonly encoder: Layer;
  readonly decoder: Layer;
  /** True for the lowest, whose decoder's sums go through the network's output. */
  readonly lowest: boolean;
  /** Names of the values that `below` uses. */
  readonly frozen: readonly string[];
}

/**
 * @throws SandglassError RECIPE_INVALID when the network is not dense, or the decoder does not mirror the encoder
 */
export function pretrainingStages({ name }: Recipe, { encoder, decoder }: Network): PretrainingStage[] {
  const layers = encoder.filter(({ kind }) => !isCorruption(kind));
  const undone = [...decoder].reverse();
  if (
    layers.length !== decoder.length ||
    [...layers, ...decoder].some(({ kind }) => kind !== 'dense') ||
    layers.some(
      (layer, i) => undone[i]?.output.join() !== layer.input.join() || undone[i]?.input.join() !== layer.output.join(),
    )
  ) {
    throw new SandglassError(
      'RECIPE_INVALID',
      `Layer-wise pre-training of ${name} needs dense layers only, and a decoder with as many that undo them one by one ` +
        '("decoder": "mirror").',
    );
  }
  return layers.map((layer, i) => {
    const below = layers.slice(0, i);
    return {
      name: `layer ${i + 1} of ${layers.length}`,
      below,
      encoder: layer,
      decoder: undone[i]!,
      lowest: i === 0,
      frozen: below.flatMap(({ parameters }) => Object.keys(parameters)),
    };
  });
}

/** Squared error between what a stage gets and what it gives back; what is below comes in as resident data. */
export function stageProgram(recipe: Recipe, network: Network, stage: PretrainingStage, rows: RowsOfProgram): Program {
  const { below, encoder, decoder, lowest, frozen } = stage;
  const inputs = rowInputs(network, rows);
  const shapes: Record<string, InputDescription> = Object.fromEntries(
    frozen.map((name) => [name, { type: 'float32', shape: network.parameters[name]!.shape }]),
  );
  return defineProgram<string, string, string, string>({
    name: `${recipe.name}-${stage.name.replaceAll(' ', '-')}`,
    parameters: { ...encoder.parameters, ...decoder.parameters },
    ...inputs,
    resident: { ...inputs.resident, ...shapes },
    optimizer: recipe.optimizer,
    ...(recipe.clipNorm === undefined ? {} : { clipNorm: recipe.clipNorm }),
    loss(given) {
      const pass = { values: { ...given.resident, ...given.parameters }, switches: new Map<string, Tensor>() };
      const values = valuesOf(recipe, pickedRows(given));
      const target = stopGradient(through(below, values, pass));
      const made = through([decoder], through([encoder], target, pass), pass);
      return { loss: meanSquaredError(lowest ? outputOf(recipe, withRows(made, network.input)) : made, target) };
    },
  });
}
