// JSON that the catalog holds as text.
import { damagedCatalog } from './catalog-errors.ts';

/**
 * What was stored as `text`.
 *
 * @param what it is, and @param file the catalog, for the message
 * @throws SandglassError `INDEX_DAMAGED` where it is no JSON
 */
export function storedJson<T>(text: string, what: string, file: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (thrown) {
    throw damagedCatalog(file, `${what} is no JSON`, thrown);
  }
}
