// What `sandglass train` prints for people: an epoch, the line of progress, the summary.
import type { TrainEvent, TrainSummary } from '../sandglass.ts';
import { count, duration } from './progress.ts';
import { printable } from './terminal.ts';

type Event<Phase extends TrainEvent['phase']> = Extract<TrainEvent, { phase: Phase }>;

export function epochText({ epoch, epochs, loss, validation, seconds }: Event<'epoch'>): string {
  return [
    `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
    `loss ${figure(loss)}`,
    ...(validation === undefined ? [] : [`validation ${figure(validation)}`]),
    `${seconds.toFixed(2)} s`,
  ].join('  ');
}

export function progressLine(event: Event<'data' | 'train' | 'test'>): string {
  switch (event.phase) {
    case 'data':
      return `reading  ${count(event.done)}${event.total === undefined ? '' : `/${count(event.total)}`}`;
    case 'train':
      return `epoch ${event.epoch}/${event.epochs}  step ${count(event.step)}/${count(event.steps)}  loss ${figure(event.loss)}  ${duration(event.secondsLeft)} left`;
    case 'test':
      return 'testing';
  }
}

export function summaryText(summary: TrainSummary): string {
  const { data, testError, testLoss, denoising, stages, epoch } = summary;
  const whole = stages.at(-1)!;
  const failed = data.failures.length;
  const lines = [
    `${printable(summary.recipe)}: ${count(summary.parameters)} parameters, codes of ${summary.codeSize}, trained on ${count(data.training)} rows in ${summary.seconds < 10 ? `${summary.seconds.toFixed(1)} s` : duration(summary.seconds)}`,
  ];
  if (whole.validations.length > 0)
    lines.push(
      `kept: epoch ${epoch} of ${whole.validations.length}, validation ${figure(whole.validations[epoch - 1]!)}`,
    );
  const pictures = `${count(data.test)} test ${data.test === 1 ? 'picture' : 'pictures'}`;
  if (denoising !== undefined)
    lines.push(
      `error on ${pictures}: ${denoising.testError.toFixed(2)} from noisy ones (the noise itself ${denoising.noisyError.toFixed(2)}), ${testError?.toFixed(2)} from clean ones; squared, summed over the pixels`,
    );
  else if (testError !== undefined)
    lines.push(`error on ${pictures}: ${testError.toFixed(2)}, squared, summed over the pixels`);
  else if (testLoss !== undefined)
    lines.push(`loss on ${count(data.test)} test ${data.test === 1 ? 'row' : 'rows'}: ${figure(testLoss)}`);
  if (failed > 0)
    lines.push(`${count(failed)} ${failed === 1 ? 'file' : 'files'} could not be read (manifest.json says which)`);
  lines.push(`written to ${printable(summary.out)}: ${summary.files.join(', ')}`);
  return lines.join('\n');
}

/** Losses are small or large, by recipe: so many digits that a change shows. */
function figure(loss: number): string {
  return loss.toPrecision(4);
}
