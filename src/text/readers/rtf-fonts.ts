// Which character set the bytes of an RTF document are in: that of the font, else that of the document.
import iconv from 'iconv-lite';

/** By the number that \fcharset names. */
const BY_CHARSET: Readonly<Record<number, string>> = {
  77: 'macintosh',
  128: 'shift_jis',
  129: 'cp949',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
  255: 'cp437',
};

/** The name of a code page that RTF gives by number; undefined for unknown ones. */
export function codePage(number: number): string | undefined {
  if (number === 65_001) return 'utf-8';
  if (number === 10_000) return 'macintosh';
  const name = `cp${number}`;
  return iconv.encodingExists(name) ? name : undefined;
}

export class RtfFonts {
  readonly #charsets = new Map<number, string>();
  /** Of the document: \ansicpg, \mac, \pc, \pca. */
  charset = 'windows-1252';

  /** While the font table is read. */
  define(font: number, charset: string | undefined): void {
    if (charset !== undefined) this.#charsets.set(font, charset);
  }

  charsetOf(font: number): string {
    return this.#charsets.get(font) ?? this.charset;
  }

  static byNumber(fcharset: number): string | undefined {
    return BY_CHARSET[fcharset];
  }

  decode(bytes: readonly Uint8Array[], font: number): string {
    return iconv.decode(Buffer.concat(bytes), this.charsetOf(font));
  }
}
