// An ONNX model that somebody brought, opened; what is wrong with it is said.
import { SandglassError } from '../errors.ts';
import type { NumericTensor } from '../runtime/numeric-tensor.ts';
import { type Device, type OnnxSession, openSession } from '../runtime/onnx-session.ts';

/**
 * @param path of its file; weights in files beside it are found
 * @throws SandglassError ENCODER_UNFIT when it is no ONNX model, or its weights are not there; DEVICE_UNAVAILABLE
 */
export async function openModel(path: string, device: Device): Promise<OnnxSession> {
  try {
    // Encoders work beside the threads that read files, or for one question.
    return await openSession(path, { device, spinning: false });
  } catch (cause) {
    if (!(cause instanceof SandglassError) || cause.code !== 'ENCODER_BROKEN') throw cause;
    const why = (cause.cause as Error).message.trim();
    throw new SandglassError(
      'ENCODER_UNFIT',
      /external data|external_data/i.test(why)
        ? `The weights of ${path} are in another file, which cannot be read; it must lie beside the model: ${why}`
        : `Expected an ONNX model in ${path} but ONNX Runtime cannot open it: ${why}`,
      { path, cause },
    );
  }
}

/**
 * @param what the model is run on, for the error
 * @throws SandglassError ENCODER_UNFIT with what ONNX Runtime says
 */
export async function runModel(
  session: OnnxSession,
  feeds: Readonly<Record<string, NumericTensor>>,
  path: string,
  what: string,
): Promise<Record<string, NumericTensor>> {
  try {
    return await session.run(feeds);
  } catch (cause) {
    throw new SandglassError(
      'ENCODER_UNFIT',
      `The model ${path} cannot be run on ${what}: ${(cause as Error).message.trim()}`,
      { path, cause },
    );
  }
}
