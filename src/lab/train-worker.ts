// The thread in which train works.
import { serveThreadJob } from '../thread-job.ts';
import type { TrainEvent, TrainSummary, TrainTask } from './train-events.ts';
import { runTrain } from './train-run.ts';

await serveThreadJob<TrainTask, TrainEvent, TrainSummary>((task, emit, signal) => runTrain({ ...task, signal }, emit));
