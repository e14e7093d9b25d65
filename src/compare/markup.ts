// HTML that cannot be broken out of: whatever is put into the template is escaped, unless it is markup itself.

/** A piece of finished HTML. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Insertable = Markup | string | number | undefined | readonly Insertable[];

/** Template tag: `` markup`<b>${name}</b>` ``. Lists are joined, `undefined` is nothing. */
export function markup(parts: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(toHtml)));
}

/**
 * Text as HTML text or as the value of a quoted attribute. Characters that would be invisible or would turn the reading
 * direction (a file name may hold any) are shown as what they are.
 */
export function escapeHtml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** The text with control and direction characters written out: a line feed as ␊, U+202E as ‹U+202E›. */
export function visible(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\u0000-\u001f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(
      /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g,
      (hidden) => `‹U+${hidden.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`,
    );
}

function toHtml(value: Insertable): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.html;
  if (typeof value === 'object') return value.map(toHtml).join('');
  return escapeHtml(String(value));
}
