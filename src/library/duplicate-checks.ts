// Looks at two contents exactly: pictures as they are on disk now, documents as their text is kept.
import { confirmPictures, type PictureEvidence } from '../duplicates/confirm-pictures.ts';
import { confirmTexts, type TextEvidence, type TextSketch, textSketch } from '../duplicates/confirm-texts.ts';
import { PictureSketch } from '../duplicates/picture-sketch.ts';
import type { Relation, Verdict } from '../duplicates/relation.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { readWholeFile } from '../files/read-file.ts';
import { decodeImage, decodeReduced } from '../image/decode.ts';
import type { Content, ContentFile } from './duplicate-contents.ts';
import type { Workspace } from './workspace.ts';

export type Check = Verdict<Relation, PictureEvidence | TextEvidence>;

/** Compares contents, remembering those that it saw last. */
export interface Checker {
  /** @returns undefined when one of the two cannot be read now */
  check(a: Content, b: Content): Promise<Check | undefined>;
  /** Contents that could not be read, by their first path, with the reason. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** Sketches that are kept: a picture's is about 200 KB, a document's ten bytes a word. */
const KEPT = 600;

/** Greys that two pictures may differ by in the mean when their pixels are worth comparing one by one. */
const NEARLY_SAME = 1.5;

export function checkerFor(workspace: Workspace, kind: Kind): Checker {
  const unreadable = new Map<string, string>();
  const sketches = new Map<string, Promise<unknown>>();
  /** The sketch of a content; undefined, and noted, when it cannot be made. */
  const sketchOf = <Sketch>(content: Content, make: (content: Content) => Promise<Sketch>) => {
    let sketch = sketches.get(content.hash) as Promise<Sketch | undefined> | undefined;
    if (sketch === undefined) {
      sketch = make(content).catch((error: unknown) => {
        if (!(error instanceof SandglassError)) throw error;
        unreadable.set(content.files[0].absolute, error.message);
        return undefined;
      });
    }
    // the one that was asked for last goes last
    sketches.delete(content.hash);
    sketches.set(content.hash, sketch);
    if (sketches.size > KEPT) sketches.delete(sketches.keys().next().value!);
    return sketch;
  };
  const pairOf = async <Sketch>(a: Content, b: Content, make: (content: Content) => Promise<Sketch>) =>
    Promise.all([sketchOf(a, make), sketchOf(b, make)]);

  if (kind === 'text') {
    const make = (content: Content) => sketchText(workspace, content);
    return {
      unreadable,
      async check(a, b) {
        const [one, other] = await pairOf<TextSketch>(a, b, make);
        return one && other && confirmTexts(one, other);
      },
    };
  }
  return {
    unreadable,
    async check(a, b) {
      const [one, other] = await pairOf(a, b, sketchPicture);
      if (one === undefined || other === undefined) return undefined;
      const verdict = confirmPictures(one, other);
      const mayBeSame = verdict.ifCopy === 're-encoded' && verdict.evidence.difference < NEARLY_SAME;
      return mayBeSame && (await haveSamePixels(a, b)) ? { ...verdict, score: 1, ifCopy: 'same-pixels' } : verdict;
    },
  };
}

async function sketchText({ catalog }: Workspace, { files }: Content): Promise<TextSketch> {
  const text = catalog.documents.text(files[0].id);
  if (text === undefined)
    throw new SandglassError('FILE_CHANGED', 'Its text is not kept yet; run sandglass index once more.');
  return textSketch(text);
}

async function sketchPicture(content: Content): Promise<PictureSketch> {
  return new PictureSketch(await decodeReduced(readContent(content)));
}

/** Every pixel of both, as they are in their files. */
async function haveSamePixels(a: Content, b: Content): Promise<boolean> {
  const [one, other] = [await decodeImage(readContent(a)), await decodeImage(readContent(b))];
  return one.width === other.width && one.height === other.height && Buffer.compare(one.rgb, other.rgb) === 0;
}

/**
 * The bytes of a content, from any of its files that still holds it.
 *
 * @throws SandglassError why the last one could not be read; FILE_CHANGED when it holds something else now
 */
export function readContent({ hash, files }: Content): Uint8Array {
  let failure: unknown;
  for (const file of files) {
    try {
      return readUnchanged(file, hash);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function readUnchanged({ absolute }: ContentFile, hash: string): Uint8Array {
  const content = readWholeFile(absolute);
  if (content.hash === hash) return content.bytes;
  throw new SandglassError('FILE_CHANGED', 'It changed since it was indexed; run sandglass index.', { path: absolute });
}
