// What a long job tells while it works, as an async iterator.

/**
 * Runs `job` and yields what it emits, as it comes. Leaving the loop early aborts the job and waits for its end; an
 * error of the job is thrown after the last event.
 *
 * @param job gets the function to emit with, and a signal that is raised by `outer` and by leaving the loop
 */
export async function* eventsOf<Event>(
  job: (emit: (event: Event) => void, signal: AbortSignal) => Promise<void>,
  outer?: AbortSignal,
): AsyncGenerator<Event, void, undefined> {
  const leaving = new AbortController();
  const signal = outer ? AbortSignal.any([outer, leaving.signal]) : leaving.signal;
  const waiting: Event[] = [];
  let wake = (): void => {};
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  const running = job((event) => {
    waiting.push(event);
    wake();
  }, signal)
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      ended = true;
      wake();
    });
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift() as Event;
      if (ended) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waiting.length > 0 || ended) resolve();
      });
    }
  } finally {
    leaving.abort();
    await running;
  }
  if (failure) throw failure.error;
}
