// XML inside office documents: a stream of elements and text. No tree is built, no entity of a document's own is expanded.
import { Parser } from 'htmlparser2';

export type Attributes = Readonly<Record<string, string>>;

/** Names are local ones, without their prefix: programs are free to choose prefixes. */
export interface XmlEvents {
  open?(name: string, attributes: Attributes): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Asked between chunks: true ends the reading. */
  enough?(): boolean;
}

const CHUNK = 1 << 18;
/** The parser's time for each tag grows with the depth; documents stay far below this. */
const DEEPEST = 1_000;

/** Thrown by {@link readXmlEvents}. */
export class XmlTooDeep extends Error {
  override readonly name = 'XmlTooDeep';

  constructor() {
    super(`its elements stand more than ${DEEPEST} deep inside one another`);
  }
}

/** Hands the elements of a part to `events`, in the order of the document. UTF-8, or UTF-16 with its mark. @throws XmlTooDeep */
export function readXmlEvents(bytes: Uint8Array, events: XmlEvents): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > DEEPEST) throw new XmlTooDeep();
        events.open?.(localName(name), attributes);
      },
      onclosetag(name) {
        depth--;
        events.close?.(localName(name));
      },
      ontext: (text) => events.text?.(text),
    },
    { xmlMode: true, decodeEntities: true },
  );
  const decoder = new TextDecoder(encodingOf(bytes));
  for (let start = 0; start < bytes.length && events.enough?.() !== true; start += CHUNK) {
    parser.write(decoder.decode(bytes.subarray(start, start + CHUNK), { stream: true }));
  }
  parser.end();
}

/** The attribute of that local name. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  for (const key of Object.keys(attributes)) if (localName(key) === name) return attributes[key];
  return undefined;
}

/** Whether an on/off element or attribute says on; its mere presence does. */
export function isOn(value: string | undefined): boolean {
  return value === undefined || !/^(?:0|false|off|none)$/.test(value);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
