// Which part of a page is its content? Asked of Mozilla's Readability, for pages that are no danger to it.
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import type { PageText } from './markup-text.ts';

export interface MainContent {
  readonly html: string;
  readonly author?: string;
  /** As it is written. */
  readonly date?: string;
}

/** Beyond these a page is read as a whole: its tree would take too much time or memory, or more stack than there is. */
const MOST_CHARACTERS = 2_000_000;
const MOST_NODES = 60_000;
const MOST_ATTRIBUTES = 100_000;
const MOST_DEPTH = 200;
const MOST_TOTAL_DEPTH = 300_000;
/** Pages with less text have no part that is not the whole. */
const LEAST_TEXT = 500;

/** The content of a page, or undefined when none stands out or the page is too large to look for it. */
export function mainContent(source: string, page: PageText): MainContent | undefined {
  if (source.length > MOST_CHARACTERS || page.nodes > MOST_NODES || page.attributes > MOST_ATTRIBUTES) return undefined;
  if (page.depth > MOST_DEPTH || page.totalDepth > MOST_TOTAL_DEPTH) return undefined;
  if (page.text.length < LEAST_TEXT) return undefined;
  try {
    const { document } = parseHTML(source);
    const found = new Readability(document as unknown as ConstructorParameters<typeof Readability>[0]).parse();
    if (!found?.content) return undefined;
    return {
      html: found.content,
      ...(found.byline ? { author: found.byline } : {}),
      ...(found.publishedTime ? { date: found.publishedTime } : {}),
    };
  } catch {
    // whatever a broken page does to its reader, its words can be read without it
    return undefined;
  }
}
