// PDFs made by hand: pages of lines in Helvetica, with or without a password.
import { createHash } from 'node:crypto';

export interface PdfParts {
  /** The content streams, one a page. */
  readonly pages: readonly string[];
  /** The information dictionary's entries, as PDF writes them. */
  readonly info?: string;
  /** Entries of the catalog. */
  readonly catalog?: string;
  /** Entries of each page. */
  readonly page?: string;
  /** Further objects; the first has the number 10. */
  readonly objects?: readonly string[];
  /** Encrypts with RC4, 40 bits; '' opens without being asked. */
  readonly password?: string;
}

const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const IDENTIFIER = Buffer.alloc(16, 7);
const PERMISSIONS = -44;
const FIRST_FURTHER = 10;

/** A content stream that writes lines one below the other. */
export function lines(...texts: readonly string[]): string {
  return `BT /F 12 Tf 14 TL 72 720 Td ${texts.map((text) => `(${text}) Tj T*`).join(' ')} ET`;
}

/** The bytes of a PDF. */
export function makePdf({ pages, info, catalog = '', page = '', objects = [], password }: PdfParts): Buffer {
  const key = password === undefined ? undefined : keyOf(password);
  const first = FIRST_FURTHER + objects.length;
  const numbers = pages.map((_, index) => first + 2 * index);
  const bodies = new Map<number, Buffer | string>();
  bodies.set(1, `<</Type/Catalog/Pages 2 0 R ${catalog}>>`);
  bodies.set(2, `<</Type/Pages/Count ${pages.length}/Kids[${numbers.map((number) => `${number} 0 R`).join(' ')}]>>`);
  bodies.set(3, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>');
  if (info !== undefined) bodies.set(4, `<<${info}>>`);
  if (key !== undefined) bodies.set(5, encryption(key, password ?? ''));
  for (const [index, body] of objects.entries()) bodies.set(FIRST_FURTHER + index, body);
  for (const [index, content] of pages.entries()) {
    const number = numbers[index]!;
    bodies.set(
      number,
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>/Contents ${number + 1} 0 R ${page}>>`,
    );
    const plain = Buffer.from(content, 'latin1');
    const stream = key === undefined ? plain : rc4(objectKey(key, number + 1), plain);
    bodies.set(
      number + 1,
      Buffer.concat([Buffer.from(`<</Length ${stream.length}>>stream\n`), stream, Buffer.from('\nendstream')]),
    );
  }
  return assemble(bodies, info !== undefined, key !== undefined);
}

function assemble(bodies: ReadonlyMap<number, Buffer | string>, info: boolean, encrypted: boolean): Buffer {
  const pieces: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const places = new Map<number, number>();
  let at = pieces[0]!.length;
  for (const [number, body] of bodies) {
    const piece = Buffer.concat([
      Buffer.from(`${number} 0 obj\n`),
      Buffer.from(body as string, 'latin1'),
      Buffer.from('\nendobj\n'),
    ]);
    places.set(number, at);
    pieces.push(piece);
    at += piece.length;
  }
  const size = Math.max(...bodies.keys()) + 1;
  const rows = Array.from({ length: size }, (_, number) => {
    const place = places.get(number);
    return place === undefined ? '0000000000 65535 f \n' : `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const identifier = IDENTIFIER.toString('hex');
  const trailer =
    `<</Size ${size}/Root 1 0 R${info ? '/Info 4 0 R' : ''}${encrypted ? '/Encrypt 5 0 R' : ''}` +
    `/ID[<${identifier}><${identifier}>]>>`;
  pieces.push(Buffer.from(`xref\n0 ${size}\n${rows.join('')}trailer\n${trailer}\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(pieces);
}

// The standard security handler, revision 2: ISO 32000-1, 7.6.3.
function keyOf(password: string): Buffer {
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(PERMISSIONS);
  return md5(padded(password), ownerEntry(password), permissions, IDENTIFIER).subarray(0, 5);
}

function encryption(key: Buffer, password: string): string {
  const owner = ownerEntry(password).toString('hex');
  return `<</Filter/Standard/V 1/R 2/O<${owner}>/U<${rc4(key, PADDING).toString('hex')}>/P ${PERMISSIONS}>>`;
}

function ownerEntry(password: string): Buffer {
  return rc4(md5(padded(password)).subarray(0, 5), padded(password));
}

function objectKey(key: Buffer, number: number): Buffer {
  return md5(key, Buffer.from([number & 0xff, number >> 8, 0, 0, 0])).subarray(0, 10);
}

function padded(password: string): Buffer {
  return Buffer.concat([Buffer.from(password, 'latin1'), PADDING]).subarray(0, 32);
}

function md5(...pieces: readonly Buffer[]): Buffer {
  return createHash('md5').update(Buffer.concat(pieces)).digest();
}

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number) => {
    const held = state[a]!;
    state[a] = state[b]!;
    state[b] = held;
  };
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    swap(i, j);
  }
  const result = Buffer.alloc(data.length);
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 255;
    j = (j + state[i]!) & 255;
    swap(i, j);
    result[n] = data[n]! ^ state[(state[i]! + state[j]!) & 255]!;
  }
  return result;
}
