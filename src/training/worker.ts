// The thread in which trainInWorker trains: runs one recipe and posts its progress and result.
import { parentPort, workerData } from 'node:worker_threads';
import { SandglassError } from '../errors.ts';
import type { RecipeProgress, TrainedAutoEncoder } from './auto-encoder.ts';
import type { RecipeData, RecipeName, RecipeOptions } from './train-in-worker.ts';

export interface WorkerTask {
  readonly recipe: RecipeName;
  readonly data: RecipeData[RecipeName];
  readonly options: RecipeOptions[RecipeName];
}

/** What comes back. Errors travel as their parts: a class does not survive the trip between threads. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: RecipeProgress }
  | { readonly kind: 'trained'; readonly trained: TrainedAutoEncoder }
  | { readonly kind: 'refused'; readonly error: ReturnType<SandglassError['toJSON']> }
  | { readonly kind: 'failed'; readonly error: unknown };

/** The message that asks the thread to stop at the end of its chunk. */
const STOP = 'stop';

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
