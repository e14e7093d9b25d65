// A page of HTML → what it is about, without its menus, and what it says of itself.
import type { DocumentContent } from '../text-document.ts';
import { metadata } from './document-metadata.ts';
import { mainContent } from './main-content.ts';
import { pageText } from './markup-text.ts';
import { pageFacts } from './page-facts.ts';
import { writtenDate } from './written-date.ts';

/** A part of the page counts as its content when it has at least so much of the text that is not links. */
const LEAST_SHARE = 0.4;
const LEAST_CHARACTERS = 200;

/**
 * The main content of a page, its title first, one line a block. Where none stands out – start pages, lists, short pages –
 * it is all but menus, asides and footers. The title is `<title>`, else the first heading.
 */
export function readHtml(source: string): DocumentContent {
  const facts = pageFacts(source);
  const page = pageText(source);
  const main = mainContent(source, page);
  const article = main === undefined ? '' : pageText(main.html).inner;
  const enough = article.length >= LEAST_CHARACTERS && article.length >= LEAST_SHARE * page.unlinked;
  const text = enough ? article : page.inner || page.text;
  const title = facts.title ?? page.heading;
  return {
    text: facts.title === undefined || text.startsWith(facts.title) ? text : `${facts.title}\n${text}`,
    ...metadata({
      title,
      author: facts.author ?? main?.author,
      date: writtenDate(facts.date) ?? writtenDate(main?.date),
      language: facts.language,
    }),
  };
}
