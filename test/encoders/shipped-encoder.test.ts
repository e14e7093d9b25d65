// The encoders of pictures that come with the package: which one is taken, and that each is whole.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shippedImageEncoder } from '../../src/encoders/shipped-encoder.ts';

const MODELS = resolve('models');
const before = process.env.SANDGLASS_MODELS;
let scratch = '';

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sandglass-shipped-'));
  cpSync(join(MODELS, 'copy-64'), join(scratch, 'copy-64'), { recursive: true });
  cpSync(join(MODELS, 'copy-64'), join(scratch, 'mine'), { recursive: true });
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  if (before === undefined) delete process.env.SANDGLASS_MODELS;
  else process.env.SANDGLASS_MODELS = before;
});

async function taken(named: string | undefined): Promise<string | undefined> {
  if (named === undefined) delete process.env.SANDGLASS_MODELS;
  else process.env.SANDGLASS_MODELS = named;
  return (await shippedImageEncoder())?.name;
}

describe('the shipped encoder', () => {
  it('is copy-64 where nothing is said, none where an empty name is', async () => {
    expect(await taken(undefined)).toBe('copy-64');
    expect(await taken('')).toBeUndefined();
  });

  it('is another of the package by its name, or one of a folder', async () => {
    expect(await taken('copy-64-procedural')).toBe('copy-64-procedural');
    expect(await taken(join(scratch, 'mine'))).toBe('mine');
    expect(await taken(scratch)).toBe('copy-64');
  });

  it('is none where the name leads nowhere', async () => {
    expect(await taken(join(scratch, 'absent'))).toBeUndefined();
  });
});
