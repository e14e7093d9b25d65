// Stops a piece of the lab's work when the caller asks for it.
import { SandglassError } from '../errors.ts';

/** @throws SandglassError ABORTED, naming the `work`, once the signal has fired */
export function checkAborted(signal: AbortSignal | undefined, work: string): void {
  if (signal?.aborted !== true) return;
  throw new SandglassError('ABORTED', `${work} was stopped before its end`, { cause: signal.reason });
}
