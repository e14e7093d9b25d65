// Bytes of RTF → its tokens: groups, control words with their numbers, bytes of text.

export type RtfToken =
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'word'; readonly name: string; readonly value: number | undefined }
  /** A control symbol: `*`, `~`, `-`, `_`, … */
  | { readonly kind: 'symbol'; readonly name: string }
  /** Bytes in the character set of the present font. `escaped`: written as `\'hh`. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly escaped: boolean };

const OPEN = 0x7b;
const CLOSE = 0x7d;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const LONGEST_WORD = 32;
const LONGEST_NUMBER = 11;

export class RtfScanner {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether it is RTF, whole or a fragment without a head; moves to the first brace. */
  begins(): boolean {
    const start = this.#bytes.toString('latin1', 0, 1_024).search(/\{\\[a-z]/);
    this.#at = Math.max(0, start);
    return start !== -1;
  }

  /** undefined at the end */
  next(): RtfToken | undefined {
    const bytes = this.#bytes;
    while (bytes[this.#at] === LINE_FEED || bytes[this.#at] === RETURN) this.#at++;
    const byte = bytes[this.#at];
    if (byte === undefined) return undefined;
    if (byte === OPEN || byte === CLOSE) {
      this.#at++;
      return { kind: byte === OPEN ? 'open' : 'close' };
    }
    return byte === BACKSLASH ? this.#control() : this.#text();
  }

  /** Goes over raw bytes, as `\bin` announces them. */
  skip(count: number): void {
    this.#at += Math.max(0, count);
  }

  #text(): RtfToken {
    const start = this.#at;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || byte === OPEN || byte === CLOSE || byte === BACKSLASH) break;
      if (byte === LINE_FEED || byte === RETURN) break;
      this.#at++;
    }
    return { kind: 'bytes', bytes: this.#bytes.subarray(start, this.#at), escaped: false };
  }

  #control(): RtfToken {
    this.#at++;
    const name = this.#run(isLetter, LONGEST_WORD);
    if (name === '') return this.#symbol();
    const negative = this.#bytes[this.#at] === 0x2d && isDigit(this.#bytes[this.#at + 1]);
    if (negative) this.#at++;
    const digits = this.#run(isDigit, LONGEST_NUMBER);
    if (this.#bytes[this.#at] === 0x20) this.#at++;
    const value = digits === '' ? undefined : Number(digits) * (negative ? -1 : 1);
    if (name === 'bin') {
      this.skip(value ?? 0);
      return { kind: 'symbol', name: 'bin' };
    }
    return { kind: 'word', name, value };
  }

  #symbol(): RtfToken {
    const byte = this.#bytes[this.#at++];
    if (byte !== 0x27) return { kind: 'symbol', name: byte === undefined ? '' : String.fromCharCode(byte) };
    const hex = this.#run(isHexDigit, 2);
    return { kind: 'bytes', bytes: Uint8Array.of(hex === '' ? 0x3f : Number.parseInt(hex, 16)), escaped: true };
  }

  #run(belongs: (byte: number | undefined) => boolean, most: number): string {
    const start = this.#at;
    while (this.#at - start < most && belongs(this.#bytes[this.#at])) this.#at++;
    return this.#bytes.toString('latin1', start, this.#at);
  }
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a));
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && /[0-9a-f]/i.test(String.fromCharCode(byte));
}
