// Python's onnx, as a judge of the files we write; absent on most machines.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PYTHON = process.env.SANDGLASS_PYTHON ?? 'python3';

/** Why the checker cannot be asked, or undefined when it can. */
export function checkerMissing(): string | undefined {
  try {
    execFileSync(PYTHON, ['-c', 'import onnx'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `'${PYTHON}' has no module onnx; set SANDGLASS_PYTHON to one that has`;
  }
}

/** Throws what onnx.checker (with its shape inference) says against a model. */
export function checkModel(model: Uint8Array): void {
  const folder = mkdtempSync(join(tmpdir(), 'sandglass-checker-'));
  try {
    const file = join(folder, 'model.onnx');
    writeFileSync(file, model);
    const program = 'import sys, onnx; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)';
    execFileSync(PYTHON, ['-c', program, file], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
