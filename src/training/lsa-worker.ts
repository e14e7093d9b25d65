// The thread in which fitLsaInWorker works.
import { serveThreadJob } from '../thread-job.ts';
import type { LsaTask } from './lsa-in-worker.ts';
import { type FittedLsa, fitLsa } from './recipes/lsa.ts';

await serveThreadJob<LsaTask, never, FittedLsa>(({ bags, options }, _, signal) => fitLsa(bags, options, { signal }));
