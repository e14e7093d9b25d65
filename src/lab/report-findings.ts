// What the numbers say, in sentences; none is written without the figures that bear it.
import { errorText, shareText, timeText } from './report-format.ts';
import type { LabErrorRow, LabResults, LabRetrievalRow } from './results.ts';

/** How many standard errors two shares must lie apart to be called different. */
const SURE = 2;
/** From this factor on, reconstruction counts as far better. */
const FAR_BETTER = 1.5;

/** The findings, most important first. Losing ones are among them. */
export function findingsOf(results: LabResults): string[] {
  return [
    ...reconstruction(results.errorTable),
    ...retrieval(results),
    ...maps(results),
    ...noise(results),
    ...stacking(results),
  ];
}

type BothErrors = LabErrorRow & { readonly autoEncoder: number; readonly pca: number };

function bothKnown(rows: readonly LabErrorRow[]): BothErrors[] {
  return rows.filter((row): row is BothErrors => row.autoEncoder !== undefined && row.pca !== undefined);
}

/** The row where the auto-encoder gains most over PCA. */
function mostGained(rows: readonly LabErrorRow[]): BothErrors | undefined {
  return bothKnown(rows).toSorted((a, b) => b.pca / b.autoEncoder - a.pca / a.autoEncoder)[0];
}

function reconstruction(rows: readonly LabErrorRow[]): string[] {
  const best = mostGained(rows);
  if (best === undefined) return [];
  const found: string[] = [];
  if (best.autoEncoder < best.pca) {
    found.push(
      `With ${best.codeSize} numbers a picture the auto-encoder leaves an error of ${errorText(best.autoEncoder)}, PCA ${errorText(best.pca)}: ${(best.pca / best.autoEncoder).toFixed(1)} times as much.`,
    );
    const asGood = rows.find(({ pca }) => pca !== undefined && pca <= best.autoEncoder);
    const largest = rows.findLast(({ pca }) => pca !== undefined)!;
    if (asGood) found.push(`PCA needs ${asGood.codeSize} numbers to come as close (${errorText(asGood.pca!)}).`);
    else if (largest.codeSize > best.codeSize) {
      found.push(`PCA does not come as close with ${largest.codeSize} numbers either (${errorText(largest.pca!)}).`);
    }
  }
  const lost = bothKnown(rows).filter(({ autoEncoder, pca }) => autoEncoder >= pca);
  if (lost.length > 0) {
    found.push(
      `With ${listed(lost.map(({ codeSize }) => String(codeSize)))} numbers PCA reconstructs as well or better.`,
    );
  }
  for (const { codeSize, autoEncoder, published } of rows) {
    if (autoEncoder === undefined || published === undefined) continue;
    found.push(
      `Published for ${codeSize} numbers (${published.source}): ${errorText(published.error)}; here ${errorText(autoEncoder)}.`,
    );
  }
  return found;
}

function retrieval({ retrieval: measured, errorTable }: LabResults): string[] {
  const ours = bestOf(measured?.rows ?? [], 'auto-encoder');
  const plain = bestOf(measured?.rows ?? [], 'baseline');
  if (measured === undefined || ours === undefined || plain === undefined) return [];
  const difference = ours.accuracy5nn - plain.accuracy5nn;
  const sure = Math.abs(difference) > SURE * standardError(ours.accuracy5nn, plain.accuracy5nn, measured.queries);
  const figures = `5-NN accuracy ${shareText(ours.accuracy5nn)} (${ours.name}) beside ${shareText(plain.accuracy5nn)} (${plain.name}), with ${measured.queries.toLocaleString('en')} queries`;
  const gained = mostGained(errorTable);
  const reconstructs = gained !== undefined && gained.pca / gained.autoEncoder >= FAR_BETTER;
  const mapOf = (kind: LabRetrievalRow['kind']) =>
    Math.max(...measured.rows.filter((row) => row.kind === kind).map((row) => row.meanAveragePrecision));
  return [
    !sure
      ? `${reconstructs ? 'Far better reconstruction is not better retrieval' : 'In retrieval the best auto-encoder and the best baseline cannot be told apart'}: ${figures}; a difference that may be chance.`
      : difference > 0
        ? `The best auto-encoder finds better than the best baseline: ${figures}.`
        : `The best baseline finds better than the best auto-encoder: ${figures}.`,
    `Best mean average precision: auto-encoders ${shareText(mapOf('auto-encoder'))}, baselines ${shareText(mapOf('baseline'))}.`,
  ];
}

function bestOf(rows: readonly LabRetrievalRow[], kind: LabRetrievalRow['kind']): LabRetrievalRow | undefined {
  return rows.filter((row) => row.kind === kind).toSorted((a, b) => b.accuracy5nn - a.accuracy5nn)[0];
}

/** Of the difference of two shares, as if they had been measured on different queries: rather too wide than too narrow. */
function standardError(a: number, b: number, queries: number): number {
  return Math.sqrt((a * (1 - a) + b * (1 - b)) / queries);
}

function maps({ maps: drawn }: LabResults): string[] {
  if (drawn.length < 2) return [];
  const order = drawn.toSorted((a, b) => b.accuracy5nn - a.accuracy5nn);
  return [
    `On the maps, five neighbours vote for the right label in ${listed(
      order.map(({ name, accuracy5nn }) => `${(100 * accuracy5nn).toFixed(1)} % (${name})`),
    )} of the cases.`,
  ];
}

function noise({ runs }: LabResults): string[] {
  return runs.flatMap(({ name, testError, noisyError }) => {
    if (testError === undefined || noisyError === undefined || noisyError === 0) return [];
    const taken = 1 - testError / noisyError;
    return taken > 0
      ? [
          `${name} takes ${(100 * taken).toFixed(0)} % of the noise away: error ${errorText(noisyError)} before, ${errorText(testError)} after.`,
        ]
      : [`${name} makes noisy pictures worse: error ${errorText(noisyError)} before, ${errorText(testError)} after.`];
  });
}

function stacking({ stacked }: LabResults): string[] {
  if (stacked === undefined) return [];
  const { pretrained, fromScratch, pretrainingSeconds } = stacked;
  const errors = `test error ${errorText(pretrained.testError)} pre-trained, ${errorText(fromScratch.testError)} from scratch`;
  const times = `${timeText(pretrainingSeconds + pretrained.seconds)} in all against ${timeText(fromScratch.seconds)}`;
  return [
    pretrained.testError < fromScratch.testError
      ? `Pre-training layer by layer helped this net: ${errors}; it took ${times}.`
      : `Pre-training layer by layer did not help this net: ${errors}; it took ${times}.`,
  ];
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
