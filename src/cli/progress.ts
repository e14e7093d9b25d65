// One line of progress on stderr, at a terminal only: what is done, how fast, how long still.

/** Milliseconds between two drawings of the line. */
const INTERVAL = 100;

export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #shown: boolean;
  #drawn = 0;
  #visible = false;

  constructor(stream: NodeJS.WriteStream, quiet: boolean) {
    this.#stream = stream;
    this.#shown = stream.isTTY === true && !quiet;
  }

  update(text: string): void {
    if (!this.#shown) return;
    const now = performance.now();
    if (this.#visible && now - this.#drawn < INTERVAL) return;
    this.#drawn = now;
    this.#visible = true;
    this.#stream.cursorTo(0);
    this.#stream.write(text.slice(0, (this.#stream.columns ?? 100) - 1));
    this.#stream.clearLine(1);
  }

  /** Takes the line away, so that something else can be printed. */
  clear(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#stream.cursorTo(0);
    this.#stream.clearLine(0);
  }
}

/** "1,234/5,678 files  22 %  310/s  0:14 left" */
export function progressText(
  label: string,
  done: number,
  total: number,
  perSecond: number,
  secondsLeft: number,
): string {
  const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : '';
  return [
    label,
    `${count(done)}/${count(total)}`,
    share,
    perSecond > 0 ? `${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s` : '',
    Number.isFinite(secondsLeft) ? `${duration(secondsLeft)} left` : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
}

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** "14 s", "3:05", "1:02:09" */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (parts[0] === 0) parts.shift();
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** "0.4 s", "14 s", "3:05" */
export function seconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} s` : duration(value);
}

export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = n / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
