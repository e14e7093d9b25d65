// Folders of sentence encoders: what is wrong with them is said; what is right is read from their files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EncoderOptions, readEncoderFolder } from '../../src/encoders/import-folder.ts';
import { SandglassError } from '../../src/errors.ts';
import { externalModel } from './external-model.ts';
import { type SentenceFolder, writeSentenceFolder } from './sentence-folders.ts';

const parent = mkdtempSync(join(tmpdir(), 'sandglass-encoders-'));
const topics = { sea: ['ship', 'sail'], bread: ['dough', 'oven'] };
let folder: string;
let made = 0;

beforeEach(() => {
  folder = join(parent, `model-${made++}`);
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const written = (description: Partial<SentenceFolder> = {}) => writeSentenceFolder(folder, { topics, ...description });
const read = (options: EncoderOptions = {}) => readEncoderFolder(folder, options, 'cpu');

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SandglassError);
  expect((error as SandglassError).code).toBe('ENCODER_UNFIT');
  return (error as Error).message;
}

describe('A folder that holds no encoder is refused:', () => {
  it.each<[string, () => void, RegExp]>([
    ['no folder', () => undefined, /none at .*model-/],
    ['no model', () => written({ file: 'other.bin' }), /no ONNX model/],
    ['no tokenizer', () => written({ files: { 'tokenizer.json': undefined } }), /has no tokenizer\.json/],
    [
      'a tokenizer that is not JSON',
      () => written({ files: { 'tokenizer.json': 'a b c' } }),
      /tokenizer\.json that is not JSON/,
    ],
    ['a tokenizer that is none', () => written({ files: { 'tokenizer.json': { vocab: {} } } }), /not one.*no "model"/],
    [
      'a tokenizer of an unknown kind',
      () => written({ files: { 'tokenizer.json': { model: { type: 'Runes', vocab: {} } } } }),
      /tokenizer\.json that is not one/,
    ],
    [
      'a tokenizer that knows no word',
      () => written({ files: { 'tokenizer.json': { model: { type: 'WordPiece', vocab: {}, unk_token: '[UNK]' } } } }),
      /tokenizer\.json that is not one/,
    ],
    ['a setting that is not JSON', () => written({ files: { 'config.json': '{' } }), /config\.json that is not JSON/],
    ['a model that is not ONNX', () => written({ files: { 'model.onnx': 'weights' } }), /Expected an ONNX model/],
    [
      'inputs of other names',
      () => written({ inputs: ['pixel_values', 'mask'] }),
      /has the inputs pixel_values, mask; expected input_ids, attention_mask/,
    ],
    [
      'an input too many',
      () => written({ inputs: ['input_ids', 'attention_mask', 'images'] }),
      /input_ids, attention_mask, images/,
    ],
    [
      'inputs of another rank',
      () => written({ inputShape: [3, 4, 5] }),
      /int64 \[3, 4, 5\]; expected int64 \[texts, tokens\]/,
    ],
    [
      'no output of a fitting rank',
      () => written({ ending: 'nothing' }),
      /has the outputs score \[\]; expected sentence_embedding/,
    ],
    ['several outputs of unknown names', () => written({ ending: 'two unknown' }), /first .*, second /],
    ['vectors of no numbers', () => written({ ending: 'no numbers' }), /vectors of no numbers/],
    [
      'vectors that grow with the text',
      () => written({ ending: 'as many numbers as tokens' }),
      /for one text and of \d+ for another/,
    ],
    ['vectors that are not finite', () => written({ ending: 'nan' }), /not finite/],
    [
      'weights in a file that is not there',
      () => {
        written();
        writeFileSync(join(folder, 'model.onnx'), externalModel('model.onnx_data'));
      },
      /weights of .* are in another file/,
    ],
    [
      'several models to choose from',
      () => {
        written({ file: 'onnx/model_int8.onnx' });
        written({ file: 'onnx/model_q4.onnx' });
      },
      /onnx\/model_int8\.onnx, onnx\/model_q4\.onnx\. Choose one with --model/,
    ],
    [
      'pooling of another kind',
      () => written({ files: { '1_Pooling/config.json': { pooling_mode_weightedmean_tokens: true } } }),
      /asks for pooling_mode_weightedmean_tokens.*--pooling/,
    ],
    [
      'a layer that is not in the model',
      () => written({ files: { 'modules.json': [{ type: 'sentence_transformers.models.Dense' }] } }),
      /models\.Dense after the model/,
    ],
    [
      'a manifest of something else',
      () => written({ files: { 'manifest.json': { schema: 1 } } }),
      /has a manifest\.json and cannot be imported/,
    ],
  ])('%s', async (_, make, message) => {
    make();
    expect(await refusal(read())).toMatch(message);
  });

  it('a model that was named and is not there', async () => {
    written();
    expect(await refusal(read({ model: 'onnx/model_q4.onnx' }))).toMatch(/has no model onnx\/model_q4\.onnx/);
  });
});

describe('The settings of a sentence encoder', () => {
  const input = async (options?: EncoderOptions) => (await read(options)).manifest.input;

  it('are the usual ones where its folder says nothing', async () => {
    written();
    expect(await input()).toEqual({
      feature: 'text',
      tokenizer: 'huggingface',
      output: 'last_hidden_state',
      pooling: 'mean',
      normalize: true,
      maxTokens: 512,
      queryPrefix: '',
      documentPrefix: '',
    });
  });

  it('are read from the files of sentence-transformers', async () => {
    const types = ['Transformer', 'Pooling'].map((name) => ({ type: `sentence_transformers.models.${name}` }));
    written({
      files: {
        'modules.json': types,
        '1_Pooling/config.json': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false },
        'sentence_bert_config.json': { max_seq_length: 128 },
        'tokenizer_config.json': { model_max_length: 512 },
      },
    });
    expect(await input()).toMatchObject({ pooling: 'cls', normalize: false, maxTokens: 128 });
  });

  it('never ask for more tokens than the model has positions for', async () => {
    written({ files: { 'config.json': { max_position_embeddings: 66, model_type: 'roberta', pad_token_id: 1 } } });
    expect(await input()).toMatchObject({ maxTokens: 64 });
    expect(await input({ maxTokens: 100 })).toMatchObject({ maxTokens: 64 });
  });

  it('are those that the user gives', async () => {
    written();
    const given = {
      pooling: 'max',
      normalize: false,
      maxTokens: 32,
      queryPrefix: 'q: ',
      documentPrefix: 'd: ',
    } as const;
    expect(await input(given)).toMatchObject(given);
  });

  it("take the sentence's own vector where the model makes one, and the tokens' where pooling is asked for", async () => {
    written({ ending: 'sentence' });
    expect(await input()).toMatchObject({ output: 'sentence_embedding', pooling: 'none' });
    expect(await input({ pooling: 'mean' })).toMatchObject({ output: 'token_embeddings', pooling: 'mean' });
  });

  it('choose the plain model among several, wherever it is, or the one that is named', async () => {
    written({ file: 'onnx/model_quantized.onnx' });
    written({ file: 'onnx/model.onnx', ending: 'sentence' });
    expect(await input()).toMatchObject({ output: 'sentence_embedding' });
    expect(await input({ model: 'onnx/model_quantized.onnx' })).toMatchObject({ output: 'last_hidden_state' });
  });

  it('change the fingerprints that the manifest holds only with the files', async () => {
    written();
    const [one, other] = [await read(), await read({ maxTokens: 9 })];
    expect(one.manifest.sha256).toEqual(other.manifest.sha256);
    expect(Object.keys(one.manifest.sha256).sort()).toEqual(['encoder.onnx', 'tokenizer.json']);
  });
});
