// Frees typed arrays that nobody holds any more, now: V8 does not hurry, and a chunk's state may be as large as a network.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: NodeJS.GCFunction | undefined;

/** Takes some milliseconds in a thread that holds little else. */
export function collectGarbage(): void {
  collect ??= globalThis.gc ?? exposed();
  collect();
  // Another thread gives the arrays back; a small collection afterwards waits for it.
  collect({ type: 'minor' });
}

/** What --expose-gc would have given this process, for this file alone. */
function exposed(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('gc') as NodeJS.GCFunction;
  setFlagsFromString('--no-expose-gc');
  return found;
}
