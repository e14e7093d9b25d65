// In which form codes of floats are compared: a setting of the index. The catalog holds the floats whatever it says.
import { SandglassError } from '../errors.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { PackedForm } from '../index/packed-form.ts';

/**
 * `float32`: as they are; `float16`: half the bytes; `int8`: a quarter; `bits`: a thirty-second, signs alone. What was found in fewer
 * bytes is put in order by the floats of the catalog. See docs/scale.md.
 */
export type CodePrecision = 'float32' | 'float16' | 'int8' | 'bits';

const FORMS: Readonly<Record<CodePrecision, PackedForm>> = {
  float32: 'float32',
  float16: 'float16',
  int8: 'int8',
  bits: 'signs',
};
const SETTING = 'codes';

export function codePrecision(catalog: Catalog): CodePrecision {
  const kept = catalog.settings.get<string>(SETTING);
  return kept !== undefined && isPrecision(kept) ? kept : 'float32';
}

/** The form that codes of an encoder are compared in. */
export function searchedForm(catalog: Catalog, { form }: Pick<EncoderRecord, 'form'>): PackedForm {
  return form === 'float32' ? FORMS[codePrecision(catalog)] : form;
}

/**
 * Changes the setting; files and graphs follow at the end of the indexing.
 *
 * @throws SandglassError SETTING_INVALID
 */
export function keepPrecision(catalog: Catalog, precision: CodePrecision): void {
  if (!isPrecision(precision))
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected one of ${Object.keys(FORMS).join(', ')} for codes but received ${JSON.stringify(precision)}`,
    );
  if (precision !== codePrecision(catalog)) catalog.settings.set(SETTING, precision);
}

function isPrecision(value: string): value is CodePrecision {
  return Object.hasOwn(FORMS, value);
}
