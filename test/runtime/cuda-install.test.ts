// Putting the provider in place: what is refused, that a refusal leaves everything as it was, and what works.
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { installCuda, removeCuda } from '../../src/runtime/cuda-install.ts';
import {
  archive,
  CUDA,
  cleanUp,
  elfLibrary,
  nugetFiles,
  SHARED,
  temporaryFolder,
  unpacked,
  VERSION,
  wheelFiles,
  zip,
} from './cuda-packages.ts';

afterEach(cleanUp);

const OTHER = '1.2.3';
const root = process.getuid?.() === 0;
const linux = process.platform === 'linux';
const wheel = (files = wheelFiles(), options = {}) => archive('onnxruntime_gpu.whl', zip(files, options));

/** A folder that has a provider already. */
function inPlace(): string {
  return unpacked({ [CUDA]: 'the old provider', [SHARED]: 'the old bridge' });
}

// Made-up libraries are ELF files.
const describeHere = linux ? describe : describe.skip;

describeHere('a package that does not fit', () => {
  const cut = zip(wheelFiles());
  const without = (name: string) => {
    const { [`onnxruntime/capi/${name}`]: _, ...rest } = wheelFiles();
    return rest;
  };
  const traversal = { ...wheelFiles(), [`../../${CUDA}`]: 'x' };
  const windows = { 'onnxruntime/capi/onnxruntime_providers_cuda.dll': 'MZ' };
  const release = (version: string) => ({
    VERSION_NUMBER: `${version}\n`,
    [`lib/${CUDA}`]: elfLibrary(),
    [`lib/${SHARED}`]: elfLibrary(),
  });

  const cases: readonly (readonly [string, () => string, string, string])[] = [
    ['nothing there', () => '/nonexistent/x.whl', 'FILE_VANISHED', 'nothing at'],
    ['no zip', () => archive('x.whl', Buffer.from('not found')), 'CUDA_UNFIT', 'download it again'],
    ['an empty file', () => archive('x.whl', Buffer.alloc(0)), 'CUDA_UNFIT', 'download it again'],
    [
      'a download cut short',
      () => archive('x.whl', cut.subarray(0, cut.length / 2)),
      'CUDA_UNFIT',
      'download it again',
    ],
    ['a wrong checksum', () => wheel(wheelFiles(), { checksums: false }), 'CUDA_UNFIT', 'checksum'],
    ['a path that leads out', () => wheel(traversal), 'CUDA_UNFIT', 'invalid relative path'],
    ['no provider', () => wheel(without(CUDA)), 'CUDA_UNFIT', CUDA],
    ['half a provider', () => wheel(without(SHARED)), 'CUDA_UNFIT', SHARED],
    ["another system's", () => wheel(windows), 'CUDA_UNFIT', 'those of Windows'],
    ["another machine's", () => wheel(wheelFiles(VERSION, { machine: 21 })), 'CUDA_UNFIT', 'ELF machine 21'],
    [
      'a text instead of the library',
      () => wheel({ ...wheelFiles(), [`onnxruntime/capi/${CUDA}`]: 'x' }),
      'CUDA_UNFIT',
      'library',
    ],
    ['another version in a wheel', () => wheel(wheelFiles(OTHER)), 'CUDA_UNFIT', OTHER],
    [
      'another version in a NuGet package',
      () => archive('x.nupkg', zip(nugetFiles('Microsoft.ML.OnnxRuntime.Gpu.Linux', OTHER))),
      'CUDA_UNFIT',
      OTHER,
    ],
    ['another version in a release folder', () => unpacked(release(OTHER)), 'CUDA_UNFIT', OTHER],
    [
      'another version in the library itself',
      () => unpacked({ [CUDA]: elfLibrary({ version: OTHER }), [SHARED]: elfLibrary() }),
      'CUDA_UNFIT',
      OTHER,
    ],
    [
      'no version at all',
      () => unpacked({ [CUDA]: elfLibrary(), [SHARED]: elfLibrary() }),
      'CUDA_UNFIT',
      'unknown version',
    ],
    [
      'the NuGet package that only refers',
      () => archive('x.nupkg', zip({ 'x.nuspec': '<id>Microsoft.ML.OnnxRuntime.Gpu</id><version>1</version>' })),
      'CUDA_UNFIT',
      'take Microsoft.ML.OnnxRuntime.Gpu.Linux',
    ],
    ['an empty folder', () => temporaryFolder(), 'CUDA_UNFIT', 'neither'],
  ];
  it.each(cases)('is refused and replaces nothing: %s', async (_, make, code, words) => {
    const folder = inPlace();
    await expect(installCuda(make(), { folder })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
    expect(readdirSync(folder).sort()).toEqual([CUDA, SHARED].sort());
    expect(readFileSync(join(folder, CUDA), 'utf8')).toBe('the old provider');
  });

  it('names both versions and the command that fetches the right one', async () => {
    await expect(installCuda(wheel(wheelFiles(OTHER)), { folder: temporaryFolder() })).rejects.toThrow(
      new RegExp(`ONNX Runtime ${VERSION}.* is of ${OTHER}.*pip download --no-deps onnxruntime-gpu==${VERSION}`),
    );
  });

  (root ? it.skip : it)('is not written where nothing can be written', async () => {
    const folder = inPlace();
    chmodSync(folder, 0o555);
    await expect(installCuda(wheel(), { folder })).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    chmodSync(folder, 0o755);
  });

  it('is not written into a folder that is not there', async () => {
    await expect(installCuda(wheel(), { folder: join(temporaryFolder(), 'gone') })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });

  it('stops when it is told to, and replaces nothing', async () => {
    const folder = inPlace();
    const stopped = installCuda(wheel(), { folder, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(readFileSync(join(folder, CUDA), 'utf8')).toBe('the old provider');
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

describeHere('the provider', () => {
  const sources: readonly (readonly [string, () => string])[] = [
    ['a wheel', () => wheel()],
    ['a wheel that says how it was built', () => wheel(wheelFiles(`${VERSION}+cu13`))],
    ['a NuGet package', () => archive('x.nupkg', zip(nugetFiles('Microsoft.ML.OnnxRuntime.Gpu.Linux')))],
    ['an unpacked wheel', () => unpacked(wheelFiles())],
    ['an unpacked NuGet package', () => unpacked(nugetFiles('Microsoft.ML.OnnxRuntime.Gpu.Linux'))],
    ["a wheel's folder of libraries", () => join(unpacked(wheelFiles()), 'onnxruntime/capi')],
    [
      'a folder that tells its version by the runtime beside',
      () => unpacked({ [CUDA]: elfLibrary(), [SHARED]: elfLibrary(), [`libonnxruntime.so.${VERSION}`]: '' }),
    ],
    [
      'a folder with nothing but the libraries',
      () => unpacked({ [CUDA]: elfLibrary({ version: VERSION }), [SHARED]: elfLibrary() }),
    ],
  ];
  it.each(sources)('comes from %s, in the place of an older one', async (_, make) => {
    const folder = inPlace();
    const seen: number[] = [];
    const installed = await installCuda(make(), { folder, onProgress: (bytes) => seen.push(bytes) });
    expect(installed).toMatchObject({ folder, version: VERSION });
    expect(installed.files.map(({ name }) => name).sort()).toEqual([CUDA, SHARED].sort());
    expect(readdirSync(folder).sort()).toEqual([CUDA, SHARED].sort());
    expect(readFileSync(join(folder, SHARED))).toEqual(elfLibrary());
    expect(seen.at(-1)).toBe(installed.files.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it('goes away again, with what a killed installation left, and with nothing else', async () => {
    const folder = temporaryFolder();
    await installCuda(wheel(), { folder });
    writeFileSync(join(folder, `${CUDA}.77.unfinished`), 'half');
    writeFileSync(join(folder, 'onnxruntime_binding.node'), 'binding');
    const { removed } = await removeCuda(folder);
    expect(removed.sort()).toEqual([CUDA, `${CUDA}.77.unfinished`, SHARED].sort());
    expect(readdirSync(folder)).toEqual(['onnxruntime_binding.node']);
    expect((await removeCuda(folder)).removed).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });
});
