// Leaves out what is not there: optional properties are absent, never undefined.

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** The properties of an object that are not undefined. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
