// Both parts of a data set, from the first row to the last: nothing is left behind when reading fails.

import type { Vocabulary } from '../text/vocabulary.ts';
import type { DataSetKind, DataSets } from './data-set.ts';
import type { Opening } from './opening.ts';
import { PartWriter } from './part-writer.ts';
import type { RowSink } from './row-sink.ts';

export interface PartsSettings {
  readonly kind: DataSetKind;
  readonly noun: string;
  readonly labelNames?: readonly string[] | undefined;
  readonly named: boolean;
  readonly vocabulary?: Vocabulary | undefined;
}

/** Appends rows to the parts; a promise means that the disk is busy. */
export interface Parts {
  readonly train: PartWriter;
  readonly test: PartWriter;
}

/**
 * Has `fill` write the rows into both parts, then makes the data set of them.
 *
 * @param check throws when the parts cannot be used as they are
 */
export async function writeParts(
  opening: Opening,
  sinks: readonly [train: RowSink, test: RowSink],
  settings: PartsSettings,
  fill: (parts: Parts) => Promise<void>,
): Promise<DataSets> {
  const { shape, name, notices, failures } = opening;
  const { kind, noun, labelNames, named, vocabulary } = settings;
  const common = { noun, shape, labelNames, named };
  const parts = {
    train: new PartWriter(sinks[0], { ...common, part: 'training', fingerprinted: true }),
    test: new PartWriter(sinks[1], { ...common, part: 'test', fingerprinted: false }),
  };
  if (vocabulary !== undefined) parts.train.mark(`${vocabulary.hash}\n`);
  try {
    await fill(parts);
    const train = await parts.train.finish();
    const test = await parts.test.finish().catch(async (thrown: unknown) => {
      await train.close();
      throw thrown;
    });
    return {
      kind,
      name,
      train,
      test,
      failures,
      notices: [...notices, ...parts.train.notices(), ...parts.test.notices()],
      vocabulary,
      fingerprint: parts.train.fingerprint(),
      async close() {
        await train.close();
        await test.close();
      },
    };
  } catch (thrown) {
    await Promise.allSettled([parts.train.discard(), parts.test.discard()]);
    throw thrown;
  }
}
