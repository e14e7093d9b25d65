// The card of a shipped encoder: what it is, what it has seen, what it was measured to do.
import type { CheckFigures } from './check-encoder.ts';
import { FALSE_POSITIVES } from './held-out-copies.ts';
import type { ShippedModel } from './shipped-models.ts';

/** A line a setting, a column a stage. */
function settings(stages: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(stages.flatMap((stage) => Object.keys(stage)))];
  const rows = names.map(
    (name) => `| ${[name, ...stages.map((stage) => [stage[name]].flat().join(' '))].join(' | ')} |`,
  );
  const heads = stages.map((_, i) => `${i + 1}`);
  return [`| setting | ${heads.join(' | ')} |`, `|---|${heads.map(() => '---|').join('')}`, ...rows].join('\n');
}

const figure = (share: number) => share.toFixed(3).replace(/^0/, '');

export function modelCard(
  { name, about, sources }: ShippedModel,
  stages: readonly Readonly<Record<string, unknown>>[],
  step: number,
  losses: readonly number[],
  { dimensions, recall, byChange }: CheckFigures,
): string {
  const changes = Object.entries(byChange).map(([change, share]) => `| ${change} | ${figure(share)} |`);
  return `# ${name}

${about}

A de-noising convolutional auto-encoder. \`encoder.onnx\` takes \`thumbnail\` [N, 3, 64, 64] uint8 (red, green, blue plane; the
picture averaged over 64 × 64 cells) and gives \`code\` [N, ${dimensions}] float32, whose signs are good bits. \`decoder.onnx\`
takes \`code\` and gives \`picture\` [N, 3, 64, 64] in 0…1, of fewer different pixels.

## What it learned from

${sources.map((source) => `- ${source}`).join('\n')}

No photo of BSDS500 or of the Kodak suite was trained on, nor used to choose a setting.

## How

\`npx tsx scripts/train-models.ts ${name}\`: ${stages.length === 1 ? 'one training' : `${stages.length} trainings, each going on with what the one before has made`}, the last to step ${step}. Each picture of a step comes with corrupted copies (affine with
shear, fills, brightness, contrast, saturation, coarsening, noise, rectangles, lines like writing); the code of a copy has to
agree with that of its picture among all of the step (InfoNCE), in numbers and in signs, and brings the picture back.

${settings(stages)}

Loss, mean of each epoch: ${losses.map((loss) => loss.toFixed(2)).join(' ')}

## Figures

Copies of pictures of CIFAR-10's test part, which nothing was trained on: share of copies found, and found as the right one of
500 pictures, where ${FALSE_POSITIVES * 100} % of the copies of strangers pass for known (scripts/copy-training/held-out-copies.ts).
${dimensions} floats ${figure(recall.floats)} · ${dimensions} bits ${figure(recall.bits)} · ${dimensions} bits, asked with floats ${figure(recall.bitsAskedWithFloats)}

| change | found, floats |
|---|---|
${changes.join('\n')}

Photos and their attacks: bench/images.ts.
`;
}
