// Numbers as the lab's page writes them.

/** Does not break: a number stays with its unit. */
const SPACE = '\u00a0';

/** An error: 13.87, 0.0177. */
export function errorText(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  return Math.abs(value) >= 1 || value === 0 ? value.toFixed(2) : value.toPrecision(3);
}

/** A share of 1: 0.970. */
export function shareText(value: number): string {
  return value.toFixed(3);
}

export function countText(value: number): string {
  return value.toLocaleString('en');
}

/** A time: 0.82 s, 12.4 s, 3 min 5 s, 2 h 4 min. */
export function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${seconds.toFixed(2)}${SPACE}s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}${SPACE}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}${SPACE}min ${whole % 60}${SPACE}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}${SPACE}h ${minutes % 60}${SPACE}min`;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
