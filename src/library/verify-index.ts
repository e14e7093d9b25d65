// `verify` as a whole: look, and where it is asked for repair and look again.

import { existsSync } from 'node:fs';
import { SandglassError } from '../errors.ts';
import { Catalog } from '../index/catalog.ts';
import { indexMissing } from '../index/catalog-migration.ts';
import { type IndexLayout, indexLayout } from '../index/layout.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { locateIndex } from './places.ts';
import { repair, repairPages } from './repair.ts';
import { adviceFor, FAULTS, type Verification, type VerifyOptions, type VerifyRepair } from './verification.ts';
import { findFaults, problemsOf } from './verify.ts';
import { Workspace } from './workspace.ts';

/**
 * Checks the index in a directory, and repairs it where `repair` says so. One that is damaged so that it cannot be opened can
 * be repaired as well: nobody else may have it open then.
 *
 * @throws SandglassError INDEX_MISSING, INDEX_NEWER; to repair: INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL; ABORTED
 */
export async function verify(
  directory: string,
  { device = 'cpu', ...options }: VerifyOptions & { readonly device?: Device } = {},
): Promise<Verification> {
  const layout = indexLayout(locateIndex(directory));
  if (!existsSync(layout.catalog)) throw indexMissing(layout.directory);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  if (!options.repair) return { ...(await look(layout, device, options)), seconds: seconds() };

  const lock = await acquireWriterLock(layout, {
    command: 'sandglass verify --repair',
    waitMs: (options.waitSeconds ?? 0) * 1000,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  try {
    options.onStep?.('pages');
    const repairs: VerifyRepair[] = await repairPages(layout);
    const workspace = new Workspace(layout, Catalog.open(layout), device);
    const indexAgain: string[] = [];
    try {
      // What could not be looked at before the catalog was repaired, is then.
      for (let round = 0; round < 2; round++) {
        const findings = await findFaults(workspace, options);
        const done = await repair(workspace, findings, options);
        repairs.push(...done.repairs);
        indexAgain.push(...done.indexAgain);
        if (!findings.cutShort) break;
      }
    } finally {
      await workspace.close();
    }
    // Another look, by a connection that remembers nothing.
    const after = await look(layout, device, options);
    return { ...after, repairs, indexAgain, seconds: seconds() };
  } finally {
    lock.release();
  }
}

async function look(layout: IndexLayout, device: Device, options: VerifyOptions): Promise<Verification> {
  const result = {
    schema: 1,
    directory: layout.directory,
    notes: [],
    repairs: [],
    indexAgain: [],
    seconds: 0,
  } as const;
  let workspace: Workspace | undefined;
  try {
    workspace = new Workspace(layout, Catalog.open(layout, { snapshot: true }), device);
    const findings = await findFaults(workspace, options);
    const problems = problemsOf(workspace, findings);
    const { checked, notes } = findings;
    return { ...result, clean: problems.length === 0, checked, problems, notes };
  } catch (error) {
    if (!(error instanceof SandglassError && error.code === 'INDEX_DAMAGED')) throw error;
    const code = 'CATALOG_DAMAGED';
    const message = `${FAULTS[code]}: ${error.message}`;
    return {
      ...result,
      clean: false,
      checked: { items: 0, passages: 0, codes: 0, encoders: 0, graphs: 0, codeFiles: 0 },
      problems: [{ code, count: 1, message, advice: adviceFor(code), examples: [layout.catalog] }],
    };
  } finally {
    await workspace?.close();
  }
}
