// How fast a long job goes, and how long it still takes.

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
