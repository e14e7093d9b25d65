// Which script is a text written in? Counted in UTF-16 code units, for the detection of languages.

/** ISO 15924 codes; `Kana` is hiragana and katakana, `Hani` Chinese characters in any language. */
export type Script =
  | 'Latn'
  | 'Grek'
  | 'Cyrl'
  | 'Armn'
  | 'Hebr'
  | 'Arab'
  | 'Deva'
  | 'Beng'
  | 'Guru'
  | 'Gujr'
  | 'Orya'
  | 'Taml'
  | 'Telu'
  | 'Knda'
  | 'Mlym'
  | 'Sinh'
  | 'Thai'
  | 'Laoo'
  | 'Tibt'
  | 'Mymr'
  | 'Geor'
  | 'Hang'
  | 'Ethi'
  | 'Khmr'
  | 'Kana'
  | 'Hani';

/** Blocks of the basic plane, ascending: [first, last, script]. */
const BLOCKS: readonly (readonly [first: number, last: number, script: Script])[] = [
  [0x0041, 0x005a, 'Latn'],
  [0x0061, 0x007a, 'Latn'],
  [0x00c0, 0x024f, 'Latn'],
  [0x0370, 0x03ff, 'Grek'],
  [0x0400, 0x052f, 'Cyrl'],
  [0x0531, 0x058a, 'Armn'],
  [0x05d0, 0x05f2, 'Hebr'],
  [0x0620, 0x06d5, 'Arab'],
  [0x0750, 0x077f, 'Arab'],
  [0x0900, 0x097f, 'Deva'],
  [0x0980, 0x09ff, 'Beng'],
  [0x0a00, 0x0a7f, 'Guru'],
  [0x0a80, 0x0aff, 'Gujr'],
  [0x0b00, 0x0b7f, 'Orya'],
  [0x0b80, 0x0bff, 'Taml'],
  [0x0c00, 0x0c7f, 'Telu'],
  [0x0c80, 0x0cff, 'Knda'],
  [0x0d00, 0x0d7f, 'Mlym'],
  [0x0d80, 0x0dff, 'Sinh'],
  [0x0e01, 0x0e5b, 'Thai'],
  [0x0e80, 0x0eff, 'Laoo'],
  [0x0f00, 0x0fff, 'Tibt'],
  [0x1000, 0x109f, 'Mymr'],
  [0x10a0, 0x10ff, 'Geor'],
  [0x1100, 0x11ff, 'Hang'],
  [0x1200, 0x137f, 'Ethi'],
  [0x1780, 0x17ff, 'Khmr'],
  [0x1e00, 0x1eff, 'Latn'],
  [0x1f00, 0x1fff, 'Grek'],
  [0x3041, 0x30ff, 'Kana'],
  [0x3130, 0x318f, 'Hang'],
  [0x31f0, 0x31ff, 'Kana'],
  [0x3400, 0x9fff, 'Hani'],
  [0xac00, 0xd7af, 'Hang'],
  [0xf900, 0xfaff, 'Hani'],
  [0xfb50, 0xfdff, 'Arab'],
  [0xfe70, 0xfefc, 'Arab'],
  [0xff21, 0xff5a, 'Latn'],
  [0xff66, 0xff9f, 'Kana'],
];

const NONE = -1;

/** For each code unit the place of its block, plus one; 0 where it has no script. */
const BLOCK_OF_UNIT = new Uint8Array(0x10000);
for (const [place, [first, last]] of BLOCKS.entries()) BLOCK_OF_UNIT.fill(place + 1, first, last + 1);

/** The script of a UTF-16 code unit; undefined for digits, punctuation, and what lies outside the basic plane. */
export function scriptOfUnit(code: number): Script | undefined {
  return BLOCKS[BLOCK_OF_UNIT[code]! + NONE]?.[2];
}

/** Whether a UTF-16 code unit is a letter (or a sign among letters) of a script, or a combining mark. */
export function isLetterUnit(code: number): boolean {
  return BLOCK_OF_UNIT[code]! > 0 || (code >= 0x300 && code <= 0x36f);
}

export interface ScriptCounts {
  readonly letters: ReadonlyMap<Script, number>;
  readonly digits: number;
  /** Punctuation that prose seldom has and source code is full of: brackets, operators, underscores. */
  readonly codeSigns: number;
  /** Code units that are not white space. */
  readonly visible: number;
}

/** In programs often, in prose seldom: {}[]()<>=;|&*\/_$#@+~^` */
const CODE_SIGNS = new Uint8Array(128);
for (const sign of '{}[]()<>=;|&*\\/_$#@+~^`') CODE_SIGNS[sign.charCodeAt(0)] = 1;

export function countScripts(text: string): ScriptCounts {
  const blocks = new Uint32Array(BLOCKS.length + 1);
  let [digits, codeSigns, visible] = [0, 0, 0];
  for (let i = 0, before = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // rulers of one sign over and over are seen once
    if (code <= 32 || (code === before && BLOCK_OF_UNIT[code] === 0)) continue;
    before = code;
    visible++;
    const block = BLOCK_OF_UNIT[code]!;
    if (block > 0) blocks[block]!++;
    else if (code >= 48 && code <= 57) digits++;
    else if (code < 128 && CODE_SIGNS[code] === 1) codeSigns++;
  }
  const letters = new Map<Script, number>();
  for (const [place, [, , script]] of BLOCKS.entries()) {
    const count = blocks[place + 1]!;
    if (count > 0) letters.set(script, (letters.get(script) ?? 0) + count);
  }
  return { letters, digits, codeSigns, visible };
}
