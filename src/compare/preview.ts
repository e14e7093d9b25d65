// What a report shows of an item or a query.

/** A picture, some words, or nothing. */
export interface Preview {
  /** A small picture as a `data:image/…;base64,…` URI; anything else is not shown. */
  readonly thumbnail?: string;
  /** The beginning of a document, plain text of at most a few hundred characters. */
  readonly snippet?: string;
}

export interface ItemDescription {
  readonly path: string;
  readonly preview: Preview;
}
