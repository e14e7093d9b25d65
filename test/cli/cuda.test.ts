// `sandglass cuda`, `sandglass doctor` and `--device` as a user runs them.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  archive,
  CUDA,
  cleanUp,
  SHARED,
  temporaryFolder,
  unpacked,
  VERSION,
  wheelFiles,
  zip,
} from '../runtime/cuda-packages.ts';
import { sandglass } from './command.ts';

afterEach(cleanUp);

const here = process.platform === 'linux' ? it : it.skip;
const wheel = (version = VERSION) => archive('onnxruntime_gpu.whl', zip(wheelFiles(version)));

describe('sandglass cuda', () => {
  it.each([
    ['a package that is not there', ['cuda', '/nonexistent.whl'], 'FILE_VANISHED'],
    ['both a package and --remove', ['cuda', '/nonexistent.whl', '--remove'], 'SETTING_INVALID'],
  ])('refuses %s in one line', (_, args, code) => {
    const { code: exit, out, err } = sandglass(args);
    expect([exit, out]).toEqual([2, '']);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain(`[${code}]`);
  });

  it('refuses a provider of another version and leaves the folder alone', () => {
    const into = temporaryFolder();
    const { code, err } = sandglass(['cuda', wheel('1.2.3'), '--into', into]);
    expect(code).toBe(2);
    expect(err).toMatch(/1\.2\.3.*pip download .*\[CUDA_UNFIT\]/);
    expect(readdirSync(into)).toEqual([]);
  });

  it('takes neither --into nor --remove from the environment', () => {
    const into = unpacked({ [CUDA]: 'x', [SHARED]: 'x' });
    const { code } = sandglass(['cuda', '--json'], { env: { SANDGLASS_INTO: into, SANDGLASS_REMOVE: '1' } });
    expect(code).toBe(0);
    expect(readdirSync(into)).toHaveLength(2);
  });

  here('puts a provider in place, says what it says, and takes it away', () => {
    const into = temporaryFolder();
    const put = sandglass(['cuda', wheel(), '--into', into, '--json']);
    expect(put).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(put.out)).toMatchObject({
      schema: 1,
      installed: { folder: into, version: VERSION },
      state: { folder: into, usable: false, missing: [], providerVersion: VERSION },
    });
    expect(sandglass(['cuda', '--into', into]).out).toMatch(
      new RegExp(`^ok {3}cuda provider +of ONNX Runtime ${VERSION}`),
    );
    expect(sandglass(['cuda', '--into', into, '--remove']).out).toContain(CUDA);
    expect(readdirSync(into)).toEqual([]);
    expect(sandglass(['cuda', '--into', into, '--remove']).out).toContain('Nothing to remove');
  });
});

describe('sandglass doctor', () => {
  it('tells of every device, and one thing to do for CUDA where it cannot be used', () => {
    const { code, out, err } = sandglass(['doctor', '--json']);
    expect([code, err]).toEqual([0, '']);
    const { checks, cuda } = JSON.parse(out);
    const names = checks.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['node', 'sharp', 'device cpu', 'device cuda']));
    if (process.platform !== 'linux') return;
    expect(names).toEqual(expect.arrayContaining(['cuda provider', 'nvidia driver']));
    const verdict = checks.find(({ name }: { name: string }) => name === 'device cuda');
    expect(verdict.state).toBe(cuda.usable ? 'ok' : 'warning');
    expect(verdict.next === undefined).toBe(cuda.usable);
    expect(sandglass(['doctor']).out.includes(' next ')).toBe(!cuda.usable);
  });
});

describe('--device', () => {
  const usable = JSON.parse(sandglass(['cuda', '--json']).out).state.usable as boolean;

  it('names the devices there are when it is given another', () => {
    expect(sandglass(['query', 'x', '--device', 'gpu']).err).toContain('auto, cpu, cuda, webgpu');
  });

  it.each(['index', 'query', 'compare'])('cuda, where there is none, ends %s before anything is made', (command) => {
    if (usable) return;
    const folder = unpacked({ 'a.txt': 'some words' });
    expect(sandglass(['index', folder, '--train', 'never', '--index', join(folder, 'other'), '-q']).code).toBe(0);
    const target = command === 'index' ? [folder] : [...(command === 'query' ? [join(folder, 'a.txt')] : [])];
    const index = command === 'index' ? [] : ['--index', join(folder, 'other')];
    const { code, out, err } = sandglass([command, ...target, ...index, '--device', 'cuda']);
    expect([code, out]).toEqual([2, '']);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain('[DEVICE_UNAVAILABLE]');
    expect(existsSync(join(folder, '.sandglass'))).toBe(false);
  });
});
