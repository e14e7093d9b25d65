// What those ask for who have items encoded.

export interface FillOptions {
  readonly signal: AbortSignal;
  /** Of items and passages. */
  onEncoded(count: number): void;
  notice(text: string): void;
}
