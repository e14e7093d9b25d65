// Tokens of RTF → text, notes, and what the document says of itself.
import { codePage, RtfFonts } from './rtf-fonts.ts';
import type { RtfToken } from './rtf-scanner.ts';
import { CHARACTERS, FIELDS, HEADS, NOTES, PASSED_OVER, READ_OPTIONAL, SYMBOLS } from './rtf-words.ts';
import { TextBlocks } from './text-blocks.ts';

const DEEPEST = 10_000;

interface Group {
  passed: boolean;
  font: number;
  /** How many bytes stand in for a character that was given by its number. */
  stands: number;
  hidden: boolean;
  deleted: boolean;
  /** The destination whose text goes to a place of its own, opened by this group or one around it. */
  field: string;
  table: '' | 'fonts';
  /** What this very group opened, to be put away when it closes. */
  opened: '' | 'note' | 'head' | 'box' | 'field';
  /** The group began with `\*`. */
  optional: boolean;
  /** Its first word was seen. */
  named: boolean;
}

const OUTERMOST: Group = {
  passed: false,
  font: 0,
  stands: 1,
  hidden: false,
  deleted: false,
  field: '',
  table: '',
  opened: '',
  optional: false,
  named: false,
};

export class RtfText {
  pages: number | undefined;
  /** Whether there is a picture in it. */
  pictures = false;
  readonly #fonts = new RtfFonts();
  readonly #blocks: TextBlocks[] = [new TextBlocks()];
  readonly #notes: string[] = [];
  readonly #heads = new Set<string>();
  readonly #boxes: string[] = [];
  readonly #fields = new Map<string, string>();
  readonly #time = new Map<string, Map<string, number>>();
  readonly #outer: Group[] = [];
  #group: Group = { ...OUTERMOST };
  #tooDeep = 0;
  #font = 0;
  #pending: Uint8Array[] = [];
  /** Bytes still to be left out after a character that was given by its number. */
  #standing = 0;

  get full(): boolean {
    return this.#blocks[0]?.full === true;
  }

  get title(): string | undefined {
    return this.#fields.get('title');
  }

  get author(): string | undefined {
    return this.#fields.get('author');
  }

  get date(): string | undefined {
    const time = this.#time.get('revtim') ?? this.#time.get('creatim');
    const [year, month, day] = [time?.get('yr'), time?.get('mo'), time?.get('dy')];
    if (!year || !month || !day || year < 1000) return undefined;
    const two = (value: number | undefined) => String(value ?? 0).padStart(2, '0');
    return `${year}-${two(month)}-${two(day)}T${two(time?.get('hr'))}:${two(time?.get('min'))}`;
  }

  take(token: RtfToken): void {
    if (token.kind !== 'bytes') this.#flush();
    switch (token.kind) {
      case 'open':
        this.#open();
        break;
      case 'close':
        this.#close();
        break;
      case 'word':
        this.#word(token.name, token.value);
        break;
      case 'symbol':
        if (token.name === '*') this.#group.optional = true;
        else this.#character(SYMBOLS[token.name] ?? '');
        break;
      case 'bytes':
        this.#bytes(token.bytes);
        break;
    }
  }

  /** All of it: the body, notes, headers and footers. */
  content(): string {
    this.#flush();
    while (this.#outer.length > 0) this.#close();
    const all = new TextBlocks();
    for (const text of [this.#blocks[0]!.toString(), ...this.#notes, ...this.#heads]) {
      all.add(text);
      all.endLine();
    }
    return all.toString();
  }

  get #innermost(): TextBlocks {
    return this.#blocks.at(-1)!;
  }

  #open(): void {
    this.#standing = 0;
    if (this.#outer.length >= DEEPEST) {
      this.#tooDeep++;
      return;
    }
    this.#outer.push(this.#group);
    this.#group = { ...this.#group, opened: '', optional: false, named: false };
  }

  #close(): void {
    this.#standing = 0;
    if (this.#tooDeep > 0) {
      this.#tooDeep--;
      return;
    }
    const { opened } = this.#group;
    this.#group = this.#outer.pop() ?? { ...OUTERMOST };
    if (opened === '' || opened === 'field' || this.#blocks.length < 2) return;
    const text = this.#blocks.pop()!.toString();
    if (opened === 'note') this.#notes.push(text);
    else if (opened === 'head') this.#heads.add(text);
    else this.#boxes.push(text);
  }

  #word(name: string, value: number | undefined): void {
    const group = this.#group;
    if (!group.named) {
      group.named = true;
      if (this.#destination(name)) return;
    }
    if (group.table === 'fonts') this.#fontWord(name, value);
    else if (this.#timeWord(name, value)) return;
    else if (name === 'u') this.#unicode(value ?? 0);
    else this.#textWord(name, value);
  }

  /** Whether the word opens a destination. */
  #destination(name: string): boolean {
    const group = this.#group;
    if (name === 'pict') this.pictures ||= !group.passed;
    if (PASSED_OVER.has(name) || (group.optional && !READ_OPTIONAL.has(name))) group.passed = true;
    else if (name === 'fonttbl') group.table = 'fonts';
    else if (name === 'upr') group.passed = true;
    else if (name === 'ud') group.passed = this.#outer.at(-2)?.passed ?? false;
    else if (name === 'shpinst') group.passed = true;
    else if (name === 'shptxt') this.#apart('box', this.#outer.at(-2)?.passed ?? false);
    else if (NOTES.has(name)) this.#apart('note', group.passed);
    else if (HEADS.has(name)) this.#apart('head', group.passed);
    else if (FIELDS.has(name) && this.#outer.at(-1)?.field === 'info') {
      group.field = name;
      group.opened = 'field';
    } else if (name === 'info') group.field = 'info';
    else return false;
    return true;
  }

  #apart(place: 'note' | 'head' | 'box', passed: boolean): void {
    this.#group.passed = passed;
    if (passed) return;
    this.#group.opened = place;
    this.#blocks.push(new TextBlocks());
  }

  #fontWord(name: string, value: number | undefined): void {
    if (value === undefined) return;
    if (name === 'f') this.#font = value;
    else if (name === 'fcharset') this.#fonts.define(this.#font, RtfFonts.byNumber(value));
    else if (name === 'cpg') this.#fonts.define(this.#font, codePage(value));
  }

  #timeWord(name: string, value: number | undefined): boolean {
    const { field } = this.#group;
    if (field === 'info' && name === 'nofpages') this.pages = value;
    if (field !== 'creatim' && field !== 'revtim') return false;
    const time = this.#time.get(field) ?? new Map<string, number>();
    if (value !== undefined) this.#time.set(field, time.set(name, value));
    return true;
  }

  #textWord(name: string, value: number | undefined): void {
    const group = this.#group;
    switch (name) {
      case 'ansicpg':
        this.#fonts.charset = codePage(value ?? 0) ?? this.#fonts.charset;
        break;
      case 'mac':
        this.#fonts.charset = 'macintosh';
        break;
      case 'pc':
        this.#fonts.charset = 'cp437';
        break;
      case 'pca':
        this.#fonts.charset = 'cp850';
        break;
      case 'f':
        group.font = value ?? 0;
        break;
      case 'plain':
        group.hidden = false;
        group.deleted = false;
        break;
      case 'uc':
        group.stands = Math.max(0, value ?? 1);
        break;
      case 'v':
        group.hidden = value !== 0;
        break;
      case 'deleted':
        group.deleted = value !== 0;
        break;
      case 'cell':
      case 'nestcell':
        if (this.#readsBody()) this.#innermost.endCell();
        break;
      case 'row':
      case 'nestrow':
        this.#endLine();
        break;
      default:
        if (Object.hasOwn(CHARACTERS, name)) this.#control(CHARACTERS[name]!);
    }
  }

  #control(character: string): void {
    if (character === '\n') this.#endLine();
    else this.#character(character);
  }

  #endLine(): void {
    if (!this.#readsBody()) return;
    this.#innermost.endLine();
    if (this.#blocks.length > 1) return;
    for (const box of this.#boxes.splice(0)) {
      this.#innermost.add(box);
      this.#innermost.endLine();
    }
  }

  #readsBody(): boolean {
    const { passed, field, table } = this.#group;
    return !passed && field === '' && table === '';
  }

  #unicode(value: number): void {
    this.#character(String.fromCharCode(value < 0 ? value + 65_536 : value & 0xffff));
    this.#standing = this.#group.stands;
  }

  #bytes(bytes: Uint8Array): void {
    const left = bytes.subarray(Math.min(bytes.length, this.#standing));
    this.#standing -= bytes.length - left.length;
    if (left.length > 0 && !this.#group.passed) this.#pending.push(left);
  }

  /** Bytes wait for one another: a character of East Asian sets has two. */
  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = this.#pending;
    this.#pending = [];
    this.#character(this.#fonts.decode(bytes, this.#group.font));
  }

  #character(text: string): void {
    const { passed, hidden, deleted, field, table } = this.#group;
    if (passed || hidden || deleted || table !== '' || text === '') return;
    if (field === 'title' || field === 'author') this.#fields.set(field, (this.#fields.get(field) ?? '') + text);
    else if (field === '') this.#innermost.add(text);
  }
}
