// The thread in which trainInWorker trains: runs one recipe and posts its progress and result.
import { parentPort, workerData } from 'node:worker_threads';
import { SandglassError } from '../errors.ts';
import type { RecipeProgress, TrainedAutoEncoder } from './auto-encoder.ts';
import { type RecipeData, type RecipeOptions, STOP, type WorkerMessage, type WorkerTask } from './worker-task.ts';

const port = parentPort;
if (port === null) throw new TypeError('Expected to be started as a worker thread; call trainInWorker');

const stopping = new AbortController();
port.on('message', (message) => {
  if (message === STOP) stopping.abort();
});

const post = (message: WorkerMessage, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

try {
  const trained = await run(workerData as WorkerTask);
  post({ kind: 'trained', trained }, [trained.encoder.buffer as ArrayBuffer, trained.decoder.buffer as ArrayBuffer]);
} catch (error) {
  post(error instanceof SandglassError ? { kind: 'refused', error: error.toJSON() } : { kind: 'failed', error });
}
port.close();

async function run({ recipe, data, options }: WorkerTask): Promise<TrainedAutoEncoder> {
  const hooks = {
    signal: stopping.signal,
    onProgress: (progress: RecipeProgress) => post({ kind: 'progress', progress }),
  };
  if (recipe === 'text') {
    const { trainText } = await import('./recipes/text.ts');
    return trainText(data as RecipeData['text'], options as RecipeOptions['text'], hooks);
  }
  const { trainImage } = await import('./recipes/image.ts');
  return trainImage(data as RecipeData['image'], options as RecipeOptions['image'], hooks);
}
