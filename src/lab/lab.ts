// The lab as a caller sees it: a stream of events.
import { eventsOf } from '../events.ts';
import type { LabEvent, LabOptions } from './lab-events.ts';

/**
 * Trains the recipes on a folder of pictures and writes report.html, results.json and a folder for each training. What is
 * finished is not trained again: stopped or killed, the same call goes on. Without a folder it draws digits to train on.
 *
 * Nothing happens until the events are read; the last one is `done`.
 *
 * @throws SandglassError RECIPE_UNKNOWN, DATA_SET_INVALID, DEVICE_UNAVAILABLE, ABORTED, DISK_FULL, OUTPUT_UNWRITABLE; a
 *   recipe that cannot be trained on these pictures is told in the summary, and the others are trained
 */
export function lab(options: LabOptions = {}): AsyncGenerator<LabEvent, void, undefined> {
  return eventsOf<LabEvent>(async (emit, signal) => {
    // Loaded when asked for: no other command needs what the lab needs.
    const { runLab } = await import('./lab-run.ts');
    emit({ phase: 'done', summary: await runLab(options, emit, signal) });
  }, options.signal);
}
