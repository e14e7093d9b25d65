// What a page of HTML says of itself in its head: title, author, date, language.
import { scanTags } from './scan-tags.ts';

export interface PageFacts {
  readonly title?: string;
  readonly author?: string;
  /** As it is written. */
  readonly date?: string;
  readonly language?: string;
}

/** Names of `<meta>` by what they tell, the surest first. */
const AUTHOR = ['author', 'dc.creator', 'dcterms.creator', 'citation_author', 'article:author', 'parsely-author'];
const DATE = [
  'article:published_time',
  'datepublished',
  'citation_publication_date',
  'dc.date',
  'dcterms.date',
  'dc.date.issued',
  'dcterms.created',
  'date',
  'pubdate',
  'article:modified_time',
  'last-modified',
];
const LANGUAGE = ['content-language', 'dc.language', 'dcterms.language', 'og:locale'];
const ASKED = new Set(['html', 'meta', 'time']);

/** Characters of a page that are looked at: what a page says of itself stands near its beginning. */
const HEAD = 500_000;

export function pageFacts(source: string): PageFacts {
  const metas = new Map<string, string>();
  const title: string[] = [];
  let language: string | undefined;
  let time: string | undefined;
  let inTitle = false;
  let titleDone = false;
  let picture = 0;
  scanTags(source.slice(0, HEAD), 'html', {
    wantsAttributes: (name) => ASKED.has(name),
    open(name, attributes) {
      if (name === 'svg') picture++;
      else if (name === 'title') inTitle = !titleDone && picture === 0;
      else if (name === 'html') language ??= attributes.get('lang') ?? attributes.get('xml:lang');
      else if (name === 'time') time ??= attributes.get('datetime');
      else if (name === 'meta') {
        const key =
          attributes.get('property') ??
          attributes.get('name') ??
          attributes.get('itemprop') ??
          attributes.get('http-equiv');
        const value = attributes.get('content')?.trim();
        if (key !== undefined && value && !metas.has(key.toLowerCase())) metas.set(key.toLowerCase(), value);
      }
    },
    close(name) {
      if (name === 'svg' && picture > 0) picture--;
      if (name !== 'title' || !inTitle) return;
      inTitle = false;
      titleDone = true;
    },
    text(piece) {
      if (inTitle) title.push(piece);
    },
  });
  const first = (names: readonly string[]) => names.map((name) => metas.get(name)).find((value) => value !== undefined);
  const author = AUTHOR.map((name) => metas.get(name)).find((value) => value !== undefined && !/^https?:/i.test(value));
  const named = title.join('').replace(/\s+/g, ' ').trim();
  const date = first(DATE) ?? time;
  language = language?.trim() || first(LANGUAGE);
  return {
    ...(named === '' ? {} : { title: named }),
    ...(author === undefined ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    ...(language === undefined ? {} : { language }),
  };
}
