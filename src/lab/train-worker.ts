// The thread in which train works.
import { parentPort, workerData } from 'node:worker_threads';
import { SandglassError } from '../errors.ts';
import type { TrainOptions } from './train-events.ts';
import { STOP, type TrainMessage } from './train-message.ts';
import { runTrain } from './train-run.ts';

const port = parentPort;
if (port === null) throw new TypeError('Expected to be started as a worker thread; call train');

const stopping = new AbortController();
port.on('message', (message) => {
  if (message === STOP) stopping.abort();
});

const post = (message: TrainMessage) => port.postMessage(message);

try {
  const summary = await runTrain({ ...(workerData as TrainOptions), signal: stopping.signal }, (event) =>
    post({ kind: 'event', event }),
  );
  post({ kind: 'done', summary });
} catch (error) {
  post(error instanceof SandglassError ? { kind: 'refused', error: error.toJSON() } : { kind: 'failed', error });
}
port.close();
