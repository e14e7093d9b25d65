// Both files of a training, opened together: what the encoder gives goes into the decoder.
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { type Device, openSession } from '../runtime/onnx-session.ts';
import type { ExportedNetwork } from '../training/network/export-network.ts';

export interface ExportedPair {
  /** Stored rows [n, …input] to values [n, …input], pixels in 0…1. */
  reconstruct(rows: Uint8Array | Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

export async function openPair(files: ExportedNetwork, device: Device): Promise<ExportedPair> {
  const encoder = await openSession(files.encoder, { device });
  const decoder = await openSession(files.decoder, { device });
  const row = encoder.signature.inputs[0]!.shape.slice(1).map(Number);
  const width = row.reduce((product, size) => product * size, 1);
  return {
    async reconstruct(rows) {
      const codes = await encoder.run({ rows: { data: rows, shape: [rows.length / width, ...row] } });
      // The code, and the switches of pooling layers that the decoder undoes.
      const feeds = Object.fromEntries(decoder.inputs.map((name) => [name, codes[name] as NumericTensor]));
      return (await decoder.run(feeds)).reconstruction!.data as Float32Array;
    },
    async release() {
      await encoder.release();
      await decoder.release();
    },
  };
}
