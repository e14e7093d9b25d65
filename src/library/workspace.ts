// An open index with what is loaded of it: the catalog, and encoders by fingerprint.
import type { Encoder } from '../encoders/encoder.ts';
import { loadEncoder } from '../encoders/load-encoder.ts';
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { readEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { IndexLayout } from '../index/layout.ts';
import type { Device } from '../runtime/onnx-session.ts';

/** The method whose codes come from a trained auto-encoder. */
export const AUTO_ENCODER = 'ae';

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

  activeEncoder(kind: Kind): EncoderRecord | undefined {
    return this.catalog.encoders.active(AUTO_ENCODER, kind);
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
