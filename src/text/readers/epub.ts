// EPUB books → their chapters in reading order. Source: EPUB 3.3 (W3C), sections 4 (container) and 5 (package document).
import { SandglassError } from '../../errors.ts';
import { decodeText } from '../decode-text.ts';
import { hasWord } from '../has-word.ts';
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { brokenDocument, documentWithoutText } from './document-refusals.ts';
import { elementTexts } from './element-texts.ts';
import { MOST_TEXT } from './limits.ts';
import { textOfHtml } from './markup-text.ts';
import { writtenDate } from './written-date.ts';
import { openZip, type ZipArchive } from './zip.ts';

/** Fonts are only obfuscated: that hides no text. */
const OBFUSCATION = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/;
const LARGEST_PACKAGE = 8_000_000;
const PICTURE = /\.(?:jpe?g|png|gif|svg|webp)$/i;
const CHAPTER = /^(?:application\/xhtml\+xml|text\/html|text\/x-oeb1-document|application\/x-dtbook\+xml)$/i;

/**
 * The text of a book. A chapter that is missing or damaged is left out where others can be read.
 *
 * @throws {SandglassError} DOCUMENT_BROKEN when there is no readable archive, package or chapter; DOCUMENT_ENCRYPTED by
 * rights management or a password; DOCUMENT_WITHOUT_TEXT when there are only pictures; FILE_EMPTY without these; FILE_TOO_LARGE
 * when it unpacks to too much
 */
export async function readEpub(bytes: Uint8Array, name: string): Promise<DocumentContent> {
  const zip = await openZip(bytes, name);
  const locked = await lockedEntries(zip);
  const packagePath = await packageOf(zip, name);
  const source = await readSource(zip, packagePath, locked, name);
  if (source === undefined) throw brokenDocument(name, `its package ${packagePath} is missing`);
  if (source.length > LARGEST_PACKAGE) throw brokenDocument(name, 'its package document is no list of chapters');

  const found = elementTexts(source, [
    'manifest/item',
    'spine/itemref',
    'metadata/title',
    'metadata/creator',
    'metadata/date',
    'metadata/language',
    // as in EPUB 2's predecessor
    'dc-metadata/title',
    'dc-metadata/creator',
    'dc-metadata/date',
    'dc-metadata/language',
  ]);
  const of = (end: string) => found.filter(({ path }) => path.endsWith(end));
  const texts = (what: string) =>
    of(`metadata/${what}`)
      .map(({ text }) => text)
      .filter((text) => text !== '');
  const title = texts('title')[0];
  const chapters = await readChapters(
    zip,
    chapterPaths(of('manifest/item'), of('spine/itemref'), packagePath),
    locked,
    name,
  );
  if (!hasWord(chapters))
    throw documentWithoutText(
      name,
      zip.names.some((path) => PICTURE.test(path)),
    );
  return {
    text: title === undefined || chapters.startsWith(title) ? chapters : `${title}\n${chapters}`,
    ...metadata({
      title,
      author: [...new Set(texts('creator'))].join(', '),
      date: texts('date')
        .map(writtenDate)
        .find((date) => date !== undefined),
      language: texts('language')[0],
    }),
  };
}

/** Paths of entries that are encrypted, or `'all'` when there are rights but no list. */
async function lockedEntries(zip: ZipArchive): Promise<ReadonlySet<string> | 'all'> {
  const list = await zip.read('META-INF/encryption.xml');
  if (list === undefined) {
    return zip.names.some((path) => /^META-INF\/(?:rights\.xml|license\.lcpl|sinf\.xml)$/.test(path))
      ? 'all'
      : new Set();
  }
  const found = elementTexts(decodeText(list).text, ['encrypteddata/encryptionmethod', 'cipherdata/cipherreference']);
  const locked = new Set<string>();
  let algorithm = '';
  for (const { path, attributes } of found) {
    if (path.endsWith('encryptionmethod')) algorithm = attributes.get('algorithm') ?? '';
    else if (!OBFUSCATION.test(algorithm)) locked.add(unescaped(attributes.get('uri') ?? ''));
  }
  return locked;
}

async function packageOf(zip: ZipArchive, name: string): Promise<string> {
  const container = await zip.read('META-INF/container.xml');
  const named =
    container &&
    elementTexts(decodeText(container).text, ['rootfile']).find(({ attributes }) => attributes.has('full-path'));
  const path = named?.attributes.get('full-path') ?? zip.names.find((entry) => entry.endsWith('.opf'));
  if (path === undefined) throw brokenDocument(name, 'there is no package document in it');
  return unescaped(path);
}

type Found = ReturnType<typeof elementTexts>;

/** The spine's chapters in its order; all chapters of the manifest when the spine names none. */
function chapterPaths(manifest: Found, spine: Found, packagePath: string): string[] {
  const folder = packagePath.slice(0, packagePath.lastIndexOf('/') + 1);
  const items = new Map<string, string>();
  const chapters: string[] = [];
  for (const { attributes } of manifest) {
    const href = attributes.get('href');
    if (href === undefined) continue;
    const path = resolved(folder, href);
    items.set(attributes.get('id') ?? '', path);
    if (CHAPTER.test(attributes.get('media-type') ?? '')) chapters.push(path);
  }
  const ordered = spine
    .map(({ attributes }) => items.get(attributes.get('idref') ?? ''))
    .filter((path) => path !== undefined);
  return [...new Set(ordered.length > 0 ? ordered : chapters)];
}

async function readChapters(
  zip: ZipArchive,
  paths: readonly string[],
  locked: ReadonlySet<string> | 'all',
  name: string,
): Promise<string> {
  const texts: string[] = [];
  let characters = 0;
  let failure: SandglassError | undefined;
  for (const path of paths) {
    if (PICTURE.test(path)) continue;
    try {
      const source = await readSource(zip, path, locked, name);
      if (source === undefined) {
        failure ??= brokenDocument(name, `its chapter ${path} is missing`);
        continue;
      }
      const text = textOfHtml(source);
      texts.push(text);
      characters += text.length;
      if (characters > MOST_TEXT) break;
    } catch (error) {
      if (!(error instanceof SandglassError) || error.code === 'FILE_TOO_LARGE') throw error;
      // that it is locked explains more than that another chapter is missing
      if (failure === undefined || error.code === 'DOCUMENT_ENCRYPTED') failure = error;
    }
  }
  const text = texts.filter((chapter) => chapter !== '').join('\n\n');
  if (text === '' && failure !== undefined) throw failure;
  if (paths.length === 0) throw brokenDocument(name, 'it names no chapter');
  return text;
}

async function readSource(
  zip: ZipArchive,
  path: string,
  locked: ReadonlySet<string> | 'all',
  name: string,
): Promise<string | undefined> {
  const content = await zip.read(path);
  if (content === undefined) return undefined;
  const text = locked === 'all' || locked.has(path) ? undefined : decodeText(content).text;
  if (text !== undefined) return text;
  // rights without a list: what still is markup is not encrypted
  if (locked === 'all' && Buffer.from(content.subarray(0, 1_024)).toString('latin1').includes('<'))
    return decodeText(content).text;
  throw new SandglassError(
    'DOCUMENT_ENCRYPTED',
    `${name} is protected by digital rights management and cannot be read.`,
    {
      path: name,
    },
  );
}

/** `a/b/` and `../c%20d.xhtml#top` make `a/c d.xhtml`. */
function resolved(folder: string, href: string): string {
  const steps: string[] = [];
  for (const step of `${folder}${unescaped(href.replace(/#.*$/, ''))}`.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
