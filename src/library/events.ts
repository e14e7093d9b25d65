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

/** Counts what is done and tells the rate (over the last seconds) and the time left. */
export class Pace {
  readonly total: number;
  #done = 0;
  readonly #marks: { at: number; done: number }[] = [{ at: performance.now(), done: 0 }];

  constructor(total: number) {
    this.total = total;
  }

  advance(by: number): { done: number; total: number; perSecond: number; secondsLeft: number } {
    this.#done += by;
    const now = performance.now();
    if (now - (this.#marks.at(-1)?.at ?? 0) > 250) this.#marks.push({ at: now, done: this.#done });
    if (this.#marks.length > 40) this.#marks.shift();
    const from = this.#marks[0] as { at: number; done: number };
    const perSecond = now > from.at ? ((this.#done - from.done) * 1000) / (now - from.at) : 0;
    return {
      done: this.#done,
      total: this.total,
      perSecond,
      secondsLeft: perSecond > 0 ? (this.total - this.#done) / perSecond : Number.POSITIVE_INFINITY,
    };
  }
}
