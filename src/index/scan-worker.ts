// A thread that scans its part of the rows whenever it is asked.
import { parentPort, workerData } from 'node:worker_threads';
import { CodeMemory } from './code-memory.ts';
import { scanPart } from './scan-part.ts';
import { READY, type ScanJob, type ScanThreadData, WORKING } from './scan-threads.ts';
import { BestRows, type Ranked } from './top-k.ts';

const { agreed } = workerData as ScanThreadData;
let subject: { memory: CodeMemory; ranked: Ranked } | undefined;

parentPort!.on('message', (job: ScanJob) => {
  if (job.subject !== undefined) {
    const { memory, queryAt, queryBytes, ids, ties } = job.subject;
    subject = { memory: new CodeMemory(memory, queryAt, queryBytes), ranked: { ids, ties } };
  }
  const { memory, ranked } = subject!;
  const best = new BestRows(job.k, ranked);
  scanPart(memory, job, best);
  const rows = best.take();
  job.found[0] = rows.length;
  rows.forEach(({ row, score }, i) => {
    job.found[1 + 2 * i] = row;
    job.found[2 + 2 * i] = score;
  });
  Atomics.sub(agreed, WORKING, 1);
  Atomics.notify(agreed, WORKING);
});
Atomics.add(agreed, READY, 1);
