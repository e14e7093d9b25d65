// The shell of every HTML page: one file that asks for nothing from anywhere and runs no script.
import { PAGE_STYLE } from './html-style.ts';
import { Markup, markup } from './markup.ts';

export interface HtmlPage {
  readonly title: string;
  /** What this page adds to the style of all pages. */
  readonly style: string;
  /** What stands inside `<body>`. */
  readonly body: Markup;
}

/** The whole document. Its own policy forbids scripts and all that is not in the file. */
export function htmlPage({ title, style, body }: HtmlPage): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(PAGE_STYLE)}${new Markup(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.html;
}
