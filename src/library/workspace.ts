// An open index with what is loaded of it: the catalog, and encoders by fingerprint.
import type { Encoder } from '../encoders/encoder.ts';
import { loadEncoder } from '../encoders/load-encoder.ts';
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { readEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { IndexLayout } from '../index/layout.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { isPlainEncoder } from './plain-codes.ts';

/** The method whose codes come from a trained auto-encoder. */
export const AUTO_ENCODER = 'ae';

/** The methods whose codes come from linear encoders of documents, see learn-linear.ts. */
export const LINEAR_ENCODERS: readonly string[] = ['lsa', 'lsa-itq'];

export class Workspace {
  readonly layout: IndexLayout;
  readonly catalog: Catalog;
  readonly device: Device;
  readonly #encoders = new Map<string, Promise<Encoder>>();

  constructor(layout: IndexLayout, catalog: Catalog, device: Device) {
    this.layout = layout;
    this.catalog = catalog;
    this.device = device;
  }

  /**
   * Loads an encoder; a second call gets the same one.
   *
   * @throws SandglassError ENCODER_BROKEN, ENCODER_MISMATCH, DEVICE_UNAVAILABLE
   */
  encoder({ fingerprint }: EncoderRecord): Promise<Encoder> {
    let encoder = this.#encoders.get(fingerprint);
    if (!encoder) {
      encoder = this.#load(fingerprint);
      this.#encoders.set(fingerprint, encoder);
      // A failure is not remembered: the files may be put back.
      encoder.catch(() => this.#encoders.delete(fingerprint));
    }
    return encoder;
  }

  /** The encoders of a kind that answer, whatever trained them; the auto-encoder first. */
  activeEncoders(kind: Kind): EncoderRecord[] {
    const active = this.catalog.encoders
      .list()
      .filter((record) => record.kind === kind && record.state === 'active' && !isPlainEncoder(record));
    return active.sort((a, b) => Number(b.method === AUTO_ENCODER) - Number(a.method === AUTO_ENCODER));
  }

  activeEncoder(kind: Kind): EncoderRecord | undefined {
    return this.catalog.encoders.active(AUTO_ENCODER, kind);
  }

  /** The encoders that were imported, whether they answer already or not. */
  importedEncoders(kind?: Kind): EncoderRecord[] {
    return this.catalog.encoders
      .list()
      .filter(({ info, state, kind: own }) => info.imported === true && state !== 'retired' && (kind ?? own) === own);
  }

  /** Frees an encoder that will not be asked again. */
  async forget({ fingerprint }: EncoderRecord): Promise<void> {
    const encoder = this.#encoders.get(fingerprint);
    this.#encoders.delete(fingerprint);
    await encoder?.then((loaded) => loaded.release()).catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const encoder of this.#encoders.values())
      await encoder.then((loaded) => loaded.release()).catch(() => undefined);
    this.#encoders.clear();
    this.catalog.close();
  }

  async #load(fingerprint: string): Promise<Encoder> {
    const { files, directory } = await readEncoder(this.layout, fingerprint);
    return loadEncoder(files, { device: this.device, where: directory, directory });
  }
}
