// The forms that codes of floats are packed in.
import type { PackedForm } from './code-file.ts';
import { type CodeForm, codeBytes, type EncoderRecord } from './encoder-table.ts';
import { packBytes, packHalves } from './quantize.ts';
import { packSigns } from './sign-bits.ts';

export type { PackedForm } from './code-file.ts';

/** Bytes of one code in a form. @param own the form that the catalog has */
export function packedBytes(form: PackedForm, own: CodeForm, dimensions: number): number {
  if (form === own) return codeBytes(own, dimensions);
  if (own !== 'float32' || form === 'bits' || form === 'bytes')
    throw new TypeError(`Expected a form that codes of ${own} can take but received ${form}`);
  if (form === 'float32') return codeBytes(form, dimensions);
  if (form === 'signs') return Math.ceil(dimensions / 8);
  return form === 'float16' ? 2 * dimensions : 4 + dimensions;
}

/** Codes that an encoder gave, as the catalog stores them: the floats, or their signs. @param codes [rows, dimensions] */
export function storedForm(
  { form, dimensions }: Pick<EncoderRecord, 'form' | 'dimensions'>,
  codes: Float32Array,
): Float32Array | Uint8Array {
  return form === 'bits' ? packSigns(codes, dimensions) : codes;
}

/** Packs codes of floats. @param codes [rows, dimensions] */
export function pack(form: PackedForm, codes: Float32Array, dimensions: number): Uint8Array {
  if (form === 'signs') return packSigns(codes, dimensions);
  if (form === 'float16') return packHalves(codes, dimensions);
  if (form === 'int8') return packBytes(codes, dimensions);
  throw new TypeError(`Expected a form to pack codes in but received ${form}`);
}
