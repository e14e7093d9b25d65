// Where encoders run: a device that is not there, before anything is made; and that an index does not remember the device.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import { AUTO_ENCODER } from '../../src/library/workspace.ts';
import { deviceProblem } from '../../src/runtime/onnx-session.ts';
import { type Device, open } from '../../src/sandglass.ts';
import { add, cleanUp, documents, opened, temporaryFolder } from './collection.ts';

afterEach(cleanUp);

const usable: Readonly<Record<'cuda' | 'webgpu', boolean>> = {
  cuda: (await deviceProblem('cuda')) === undefined,
  webgpu: (await deviceProblem('webgpu')) === undefined,
};

describe('A device that cannot be used', () => {
  it.each(['cuda', 'webgpu'] as const)('is refused before an index is made: %s', async (device) => {
    if (usable[device]) return; // a machine that has it
    const folder = temporaryFolder();
    await expect(open(folder, { create: true, device })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/use --device (cpu|auto)$/),
    });
    expect(existsSync(join(folder, '.sandglass'))).toBe(false);
  });

  it('is a programmer’s mistake when there is none of that name', async () => {
    const folder = temporaryFolder();
    await expect(open(folder, { create: true, device: 'gpu' as Device })).rejects.toThrow(RangeError);
    expect(existsSync(join(folder, '.sandglass'))).toBe(false);
  });
});

describe('An encoder', () => {
  it('is the same on every device: neither its fingerprint nor its files name one', async () => {
    const folder = documents(20);
    const trained = await opened(folder, { create: true, device: 'cpu' });
    await add(trained, folder, { train: 'auto' });
    const { hits } = await trained.query({ text: 'captain of a ship' }, { method: 'ae', k: 5 });
    await trained.close();

    const layout = indexLayout(join(folder, '.sandglass'));
    const catalog = Catalog.open(layout);
    const { fingerprint } = catalog.encoders.active(AUTO_ENCODER, 'text')!;
    catalog.close();
    const manifest = readFileSync(join(layout.encoders, fingerprint, 'manifest.json'), 'utf8');
    expect(manifest).not.toMatch(/device|cuda|webgpu|"cpu"/i);

    const devices: Device[] = ['auto', ...(['cuda', 'webgpu'] as const).filter((device) => usable[device])];
    for (const device of devices) {
      const index = await opened(folder, { device });
      expect((await add(index, [], { train: 'auto' })).trained).toEqual([]);
      const ae = (await index.status()).encoders.find(({ method }) => method === AUTO_ENCODER);
      expect(ae).toMatchObject({ fingerprint, codes: 60 });
      const again = await index.query({ text: 'captain of a ship' }, { method: 'ae', k: 5 });
      again.hits.forEach(({ score }, i) => {
        expect(score).toBeCloseTo(hits[i]!.score, 3);
      });
      await index.close();
    }
  });
});
