// Mail (.eml, .mht) and mailboxes (.mbox) → what was written. (The only importer of postal-mime.)
import PostalMime, { type Address, type Email } from 'postal-mime';
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { MOST_TEXT } from './limits.ts';
import { textOfHtml } from './markup-text.ts';
import { writtenDate } from './written-date.ts';

const MOST_ATTACHMENTS_NAMED = 50;
/** What was written stands at the beginning of a message; behind it are pictures and films. */
const MOST_MESSAGE_BYTES = 4_000_000;
const MOST_MESSAGES = 100_000;
/** A message begins with such a line after an empty one, or at the very beginning. */
const FROM_LINE = /(?:^|\n\r?\n)From \S+ [^\n]*\d{4}[^\n]*\r?\n/g;

/**
 * One message: its subject, people and body (the plain text where there is one, else the page), and the names of what is
 * attached, which is not read itself. No text where it cannot be parsed as mail.
 */
export async function readMail(bytes: Uint8Array): Promise<DocumentContent> {
  const message = await parsed(withoutCount(bytes));
  if (message === undefined) return { text: '' };
  return {
    text: textOf(message),
    ...metadata({
      title: subjectOf(message),
      author: message.from && people([message.from]),
      date: writtenDate(message.date),
      language: message.headers.find(({ key }) => key === 'content-language')?.value,
    }),
  };
}

/** All messages of a mailbox as one document, an empty line between them; its date is that of the last. */
export async function readMailbox(bytes: Uint8Array): Promise<DocumentContent> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const source = file.toString('latin1');
  const starts: { readonly end: number; readonly start: number }[] = [];
  for (const { index, 0: line } of source.matchAll(FROM_LINE)) {
    starts.push({ end: index, start: index + line.length });
    if (starts.length > MOST_MESSAGES) break;
  }
  const texts: string[] = [];
  const subjects = new Set<string>();
  let characters = 0;
  let date: string | undefined;
  for (const [i, { start }] of starts.slice(0, MOST_MESSAGES).entries()) {
    const message = await parsed(file.subarray(start, starts[i + 1]?.end ?? file.length));
    if (message === undefined) continue;
    const text = textOf(message).replace(/^>+From /gm, (quoted) => quoted.slice(1));
    texts.push(text);
    characters += text.length;
    date = writtenDate(message.date) ?? date;
    const subject = subjectOf(message)?.replace(/^(?:(?:re|aw|fwd?|wg):\s*)+/i, '');
    if (subject) subjects.add(subject);
    if (characters > MOST_TEXT) break;
  }
  // a mailbox of one thread is called by its subject
  return { text: texts.join('\n\n'), ...metadata({ title: subjects.size === 1 ? [...subjects][0] : undefined, date }) };
}

async function parsed(bytes: Uint8Array): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(bytes.subarray(0, MOST_MESSAGE_BYTES));
  } catch {
    // nested too deeply, or no mail at all
    return undefined;
  }
}

/** Apple's `.emlx` has the length of the message in a line before it. */
function withoutCount(bytes: Uint8Array): Uint8Array {
  const count = /^\d{1,12}\s*\n/.exec(Buffer.from(bytes.subarray(0, 32)).toString('latin1'));
  return count === null ? bytes : bytes.subarray(count[0].length, count[0].length + Number.parseInt(count[0], 10));
}

function textOf(message: Email): string {
  const attached = message.attachments
    .map(({ filename }) => filename)
    .filter((name) => name)
    .slice(0, MOST_ATTACHMENTS_NAMED);
  const to = people([...(message.to ?? []), ...(message.cc ?? [])]);
  const plain = message.text?.trim() ?? '';
  const body = /[\p{L}\p{N}]/u.test(plain) ? plain : message.html === undefined ? plain : textOfHtml(message.html);
  return [
    subjectOf(message) ?? '',
    message.from === undefined ? '' : `From: ${people([message.from])}`,
    to === '' ? '' : `To: ${to}`,
    body.replace(/\r\n?/g, '\n'),
    attached.length === 0 ? '' : `Attached: ${attached.join(', ')}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function subjectOf({ subject }: Email): string | undefined {
  const line = subject?.replace(/\s+/g, ' ').trim();
  return line === '' ? undefined : line;
}

function people(addresses: readonly Address[]): string {
  return addresses
    .flatMap((address) => address.group ?? [address])
    .map(({ name, address }) => (name && address && name !== address ? `${name} <${address}>` : name || address || ''))
    .filter((person) => person !== '')
    .join(', ');
}
