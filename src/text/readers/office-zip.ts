// The archives of office programs: parts that are XML, and relations between them.
// Sources: ECMA-376 part 2 (packages and relationships), ODF 1.3 part 2 (packages).
import { posix } from 'node:path';
import { OLE_SIGNATURE, oleStreams } from '../ole-streams.ts';
import { brokenDocument, lockedDocument } from './document-refusals.ts';
import { type Attributes, attribute, readXmlEvents, type XmlEvents, XmlTooDeep } from './xml-events.ts';
import { openZip, type ZipArchive } from './zip.ts';

/** A relation of a part to another part of the package. */
export interface Relation {
  /** The last word of the relation's type: `header`, `footnotes`, `slide`, … */
  readonly type: string;
  readonly target: string;
}

export interface OfficePackage {
  readonly name: string;
  readonly names: readonly string[];
  /** Hands a part's XML to `events`; false when there is no such part. */
  readPart(path: string, events: XmlEvents): Promise<boolean>;
  /** The relations of a part by their identifiers; of the whole package for ''. */
  relations(path: string): Promise<ReadonlyMap<string, Relation>>;
}

/** @throws SandglassError DOCUMENT_ENCRYPTED, DOCUMENT_BROKEN, FILE_TOO_LARGE */
export async function openOfficeZip(bytes: Uint8Array, name: string): Promise<OfficePackage> {
  if (Buffer.compare(bytes.subarray(0, OLE_SIGNATURE.length), OLE_SIGNATURE) === 0) {
    // An archive that is locked with a password is wrapped whole.
    if (oleStreams(bytes)?.has('EncryptedPackage')) throw lockedDocument(name);
    throw brokenDocument(name, 'it is a compound file, not an archive');
  }
  return new Package(await openZip(bytes, name), name);
}

class Package implements OfficePackage {
  readonly name: string;
  readonly #archive: ZipArchive;
  /** Some programs write other cases than they refer to. */
  readonly #paths = new Map<string, string>();

  constructor(archive: ZipArchive, name: string) {
    this.name = name;
    this.#archive = archive;
    for (const path of archive.names) this.#paths.set(path.replaceAll('\\', '/').toLowerCase(), path);
  }

  get names(): readonly string[] {
    return this.#archive.names;
  }

  async readPart(path: string, events: XmlEvents): Promise<boolean> {
    const content = await this.#archive.read(this.#paths.get(path.toLowerCase()) ?? path);
    if (content === undefined) return false;
    try {
      readXmlEvents(content, events);
    } catch (error) {
      throw error instanceof XmlTooDeep ? brokenDocument(this.name, error.message, error) : error;
    }
    return true;
  }

  async relations(path: string): Promise<ReadonlyMap<string, Relation>> {
    const folder = posix.dirname(path);
    const list = posix.join(folder, '_rels', `${posix.basename(path)}.rels`);
    const found = new Map<string, Relation>();
    await this.readPart(path === '' ? '_rels/.rels' : list, {
      open(tag, attributes) {
        if (tag !== 'Relationship' || attribute(attributes, 'TargetMode') === 'External') return;
        const target = attribute(attributes, 'Target') ?? '';
        found.set(attribute(attributes, 'Id') ?? '', {
          type: (attribute(attributes, 'Type') ?? '').split('/').at(-1) ?? '',
          // `/word/x.xml` is meant from the top, `x.xml` from the folder of the part
          target: posix.normalize(target.startsWith('/') ? target.slice(1) : posix.join(folder, target)),
        });
      },
    });
    return found;
  }
}

/** The part that is the document itself. */
export async function mainPart(document: OfficePackage, usual: string): Promise<string> {
  for (const { type, target } of (await document.relations('')).values()) if (type === 'officeDocument') return target;
  return usual;
}

/** The targets of relations of these types, in the order of the list. */
export function targetsOf(relations: ReadonlyMap<string, Relation>, ...types: readonly string[]): string[] {
  return [...relations.values()].filter(({ type }) => types.includes(type)).map(({ target }) => target);
}

/** The attribute `r:id`, whatever its prefix, not to be taken for a plain `id`. */
export function relationOf(attributes: Attributes): string {
  for (const [key, value] of Object.entries(attributes)) if (key.endsWith(':id')) return value;
  return attribute(attributes, 'id') ?? '';
}
