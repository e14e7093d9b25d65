// What is said about CUDA: of providers that are made up, and of this machine.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { builtVersion } from '../../src/runtime/cuda-libraries.ts';
import { findDriver, foldersWith, pipPackages, readCudaNeeds } from '../../src/runtime/cuda-needs.ts';
import { inspectCuda } from '../../src/runtime/cuda-state.ts';
import { archive, CUDA, cleanUp, elfLibrary, SHARED, temporaryFolder, unpacked, VERSION } from './cuda-packages.ts';

afterEach(cleanUp);

const IMPORTS = ['libcublas.so.99', 'libcudart.so.13', 'libcuda.so.1', 'libc.so.6'];
const describeHere = process.platform === 'linux' ? describe : describe.skip;
const provider = (options = {}) =>
  unpacked({ [CUDA]: elfLibrary({ imports: IMPORTS, version: VERSION, ...options }), [SHARED]: elfLibrary() });

describeHere('what a provider needs', () => {
  it('is refused when the file is no library', async () => {
    await expect(readCudaNeeds(archive(CUDA, Buffer.from('x')))).rejects.toMatchObject({ code: 'CUDA_UNFIT' });
  });

  it("names NVIDIA's libraries and whether the loader opens them; cuDNN, which is in no import table, too", async () => {
    const { cuda, libraries } = await readCudaNeeds(join(provider(), CUDA));
    expect(cuda).toBe(13);
    expect(libraries.map(({ library, part }) => [library, part])).toEqual([
      ['libcublas.so.99', 'cuBLAS'],
      ['libcudart.so.13', 'CUDA runtime'],
      ['libc.so.6', 'system'],
      ['libcudnn.so.9', 'cuDNN'],
    ]);
    expect(libraries[0]).toMatchObject({ loads: false, problem: expect.stringContaining('libcublas.so.99') });
    expect(libraries[2]).toEqual({ library: 'libc.so.6', part: 'system', loads: true });
  });

  it('is had from packages whose names changed with CUDA 13', () => {
    const missing = ['cuBLAS', 'cuBLAS', 'cuDNN', 'CUDA runtime', 'system'].map((part) => ({
      library: part,
      part,
      loads: false,
    }));
    expect(pipPackages(missing, 12)).toEqual(['nvidia-cublas-cu12', 'nvidia-cudnn-cu12', 'nvidia-cuda-runtime-cu12']);
    expect(pipPackages(missing, 13)).toEqual(['nvidia-cublas', 'nvidia-cudnn-cu13', 'nvidia-cuda-runtime']);
  });

  it('is found in the virtual environment that is active', () => {
    const before = process.env.VIRTUAL_ENV;
    const environment = unpacked({ 'lib/python3.12/site-packages/nvidia/cu99/lib/libcublas.so.99': '' });
    process.env.VIRTUAL_ENV = environment;
    const missing = [{ library: 'libcublas.so.99', part: 'cuBLAS', loads: false }];
    expect(foldersWith(missing)).toEqual([join(environment, 'lib/python3.12/site-packages/nvidia/cu99/lib')]);
    if (before === undefined) delete process.env.VIRTUAL_ENV;
    else process.env.VIRTUAL_ENV = before;
  });
});

describe('the version that a library was built as', () => {
  const version = async (bytes: Uint8Array) => builtVersion(archive('library', bytes), VERSION);

  it('is none where it does not say', async () => {
    await expect(version(Buffer.from(`${VERSION} \x001.2.3.4\0`))).resolves.toBeUndefined();
  });

  it('is the one it has, the expected one before another', async () => {
    await expect(version(Buffer.from('\x001.29.4\0'))).resolves.toBe('1.29.4');
    await expect(version(Buffer.from(`\x001.29.4\0…\0${VERSION}\0`))).resolves.toBe(VERSION);
  });

  it('is found where the file is read in two pieces', async () => {
    const bytes = Buffer.alloc((4 << 20) + 100, 'x');
    bytes.write(`\0${VERSION}\0`, (4 << 20) - 3, 'latin1');
    await expect(version(bytes)).resolves.toBe(VERSION);
  });
});

describeHere('the state of CUDA', () => {
  const driver = findDriver().loads;

  it('names what is not in place, and one thing to do', async () => {
    const state = await inspectCuda(temporaryFolder());
    expect(state).toMatchObject({ usable: false, missing: [CUDA, SHARED], runtimeVersion: VERSION, libraries: [] });
    expect(state.next).toContain(driver ? 'sandglass cuda' : 'driver');
  });

  it('names a provider of another version before it is loaded', async () => {
    const folder = provider({ version: '1.29.4' });
    const state = await inspectCuda(folder);
    expect(state).toMatchObject({ usable: false, missing: [], providerVersion: '1.29.4', cuda: 13 });
    if (driver) expect(state.problem).toContain('1.29.4');
  });

  it('names the libraries that are missing', async () => {
    const state = await inspectCuda(provider());
    expect(state.libraries.filter(({ loads }) => !loads).map(({ library }) => library)).toContain('libcublas.so.99');
    if (driver) expect(state.problem).toContain('libcublas.so.99');
    else expect(state.problem).toContain('no NVIDIA driver');
  });

  it('is no crash where the provider is no library at all', async () => {
    const folder = provider();
    writeFileSync(join(folder, CUDA), 'x');
    await expect(inspectCuda(folder)).rejects.toMatchObject({ code: 'CUDA_UNFIT' });
  });
});
