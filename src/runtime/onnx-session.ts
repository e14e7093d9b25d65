// Runs ONNX models: the only importer of onnxruntime-node, which is loaded when the first model is opened.
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { SandglassError } from '../errors.ts';
import { findCudaLibraries } from './cuda-libraries.ts';
import { cudaRefusal, providerProblem } from './cuda-provider.ts';
import { demandFeeds, type TensorDescription } from './feeds.ts';
import { type ElementType, type NumericData, type NumericTensor, unshared } from './numeric-tensor.ts';
import { TRIAL_INPUT, TRIAL_MODEL, TRIAL_SHAPE } from './trial-model.ts';

/**
 * Where to compute. `auto` takes CUDA when it can be used and the CPU otherwise. `webgpu` is an experiment: it is what
 * onnxruntime-node brings for other graphics cards, and operators it lacks run on the CPU.
 */
export type Device = 'auto' | 'cpu' | 'cuda' | 'webgpu';

const DEVICES: readonly Device[] = ['auto', 'cpu', 'cuda', 'webgpu'];

export interface SessionOptions {
  /** @default 'auto' */
  readonly device?: Device;
  /** Threads inside one operator. @default as many as there are physical cores */
  readonly threads?: number;
  /**
   * Whether threads that wait inside the runtime keep a processor busy, which answers faster by microseconds: good on an
   * idle machine, bad beside other work. @default true
   */
  readonly spinning?: boolean;
  /**
   * `fast` keeps memory between operators and plans it ahead; `lean` keeps it without a plan, which takes a tenth less of
   * it; `least` gives what is larger than 32 MB back to the system at once, and asks for it again. @default 'fast'
   */
  readonly memory?: 'fast' | 'lean' | 'least';
}

/** A loaded model. */
export interface OnnxSession {
  /** Names of the inputs, in the model's order. */
  readonly inputs: readonly string[];
  /** Names of the outputs, in the model's order. */
  readonly outputs: readonly string[];
  /** Types and shapes of both. */
  readonly signature: { readonly inputs: readonly TensorDescription[]; readonly outputs: readonly TensorDescription[] };
  /** Where the model runs. */
  readonly device: Exclude<Device, 'auto'>;
  /**
   * Computes every output. Blocks the calling thread: long work belongs in a worker.
   * @throws TypeError when an input is missing, unknown or of another type; RangeError when a shape does not fit
   */
  run(feeds: Readonly<Record<string, NumericTensor>>): Promise<Record<string, NumericTensor>>;
  /** Frees the model; the session cannot be used afterwards. */
  release(): Promise<void>;
}

/** What `sandglass doctor` says about one execution provider. */
export interface ExecutionProviderReport {
  readonly name: string;
  /** The installed binding was built with it. */
  readonly bundled: boolean;
  /** All files it needs beside the binding are there (drivers and CUDA's own libraries are only known when a model is opened). */
  readonly complete: boolean;
  /** Files that are missing beside the binding. */
  readonly missing: readonly string[];
  /** The folder the files were looked for in. */
  readonly folder: string;
}

let loading: Promise<typeof import('onnxruntime-node')> | undefined;

async function loadRuntime(): Promise<typeof import('onnxruntime-node')> {
  loading ??= import('onnxruntime-node');
  const runtime = await loading;
  // Providers that cannot be loaded are written to stderr at once, though `auto` then goes on without them.
  runtime.env.logLevel = 'fatal';
  return runtime;
}

/**
 * Opens a model.
 *
 * @param model its bytes, or the path of its file: large ones are then read by the runtime alone, and what lies in files
 *   beside it is found
 * @throws SandglassError ENCODER_BROKEN when the bytes are no model that can be run;
 *   DEVICE_UNAVAILABLE when `cuda` or `webgpu` was asked for and cannot be used
 */
export async function openSession(model: Uint8Array | string, options: SessionOptions = {}): Promise<OnnxSession> {
  const device = options.device ?? 'auto';
  await demandDevice(device);
  const runtime = await loadRuntime();
  const accelerator = await chosenDevice(device);
  if (accelerator === 'cpu') return openOnCpu(runtime, model, options);
  try {
    return wrap(runtime, await create(runtime, model, [accelerator, 'cpu'], options), accelerator);
  } catch (error) {
    // A broken model fails on both; only what the CPU can open tells that the device was the reason.
    const onCpu = await openOnCpu(runtime, model, options);
    if (device === 'auto') return onCpu;
    await onCpu.release();
    throw new SandglassError(
      'DEVICE_UNAVAILABLE',
      `Expected the device ${device} to run the model but ONNX Runtime refused: ${messageOf(error)}; use --device cpu`,
      { cause: error },
    );
  }
}

/**
 * Makes sure that a device can be used, before anything is done or written: a small model is run on it, once in a thread.
 *
 * @throws SandglassError DEVICE_UNAVAILABLE with what is missing and what to do; RangeError when there is no such device
 */
export async function demandDevice(device: Device): Promise<void> {
  if (!DEVICES.includes(device)) {
    throw new RangeError(`Expected one of ${DEVICES.join(', ')} for device but received ${JSON.stringify(device)}`);
  }
  if (device === 'auto' || device === 'cpu') return;
  const problem = await deviceProblem(device);
  if (problem === undefined) return;
  if (device === 'cuda') throw await cudaRefusal(problem);
  throw new SandglassError(
    'DEVICE_UNAVAILABLE',
    `Expected a WebGPU device but there is none that works: ${problem}; ` +
      'install a graphics driver (on Linux with Vulkan), or use --device auto',
  );
}

const trials = new Map<string, Promise<string | undefined>>();

/** Why a device cannot be used, in ONNX Runtime's words; undefined when it can. Found out once. */
export function deviceProblem(device: 'cuda' | 'webgpu'): Promise<string | undefined> {
  const trial = trials.get(device) ?? tryDevice(device);
  trials.set(device, trial);
  return trial;
}

/** The device that models run on where this one is asked for: `auto` takes CUDA where it can be used. */
export async function chosenDevice(device: Device): Promise<Exclude<Device, 'auto'>> {
  if (device !== 'auto') return device;
  return (await canUseCuda()) ? 'cuda' : 'cpu';
}

async function canUseCuda(): Promise<boolean> {
  return findCudaLibraries().missing.length === 0 && (await deviceProblem('cuda')) === undefined;
}

async function tryDevice(device: 'cuda' | 'webgpu'): Promise<string | undefined> {
  const runtime = await loadRuntime();
  if (!runtime.listSupportedBackends().some(({ name }) => name === device)) {
    return `onnxruntime-node has no ${device} for ${process.platform} ${process.arch}`;
  }
  if (device === 'cuda') {
    const problem = await providerProblem();
    if (problem !== undefined) return problem;
  }
  try {
    const session = await create(runtime, TRIAL_MODEL, [device, 'cpu'], {});
    const input = new runtime.Tensor('float32', new Float32Array(TRIAL_INPUT), TRIAL_SHAPE);
    await session.run({ [session.inputNames[0] as string]: input });
    await session.release();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** The execution providers that matter to Sandglass and what is missing for each. */
export async function executionProviders(): Promise<ExecutionProviderReport[]> {
  const { listSupportedBackends } = await loadRuntime();
  const bundled = new Set(listSupportedBackends().flatMap((backend) => (backend.bundled ? [backend.name] : [])));
  const supported = new Set(listSupportedBackends().map((backend) => backend.name));
  const { folder, missing } = findCudaLibraries();
  const others = [...supported].filter((name) => name !== 'cpu' && name !== 'cuda').sort();
  return [
    { name: 'cpu', bundled: true, complete: true, missing: [], folder },
    { name: 'cuda', bundled: bundled.has('cuda'), complete: missing.length === 0, missing, folder },
    ...others.map((name) => ({ name, bundled: bundled.has(name), complete: true, missing: [], folder })),
  ];
}

async function openOnCpu(
  runtime: typeof import('onnxruntime-node'),
  model: Uint8Array | string,
  options: SessionOptions,
): Promise<OnnxSession> {
  try {
    return wrap(runtime, await create(runtime, model, ['cpu'], options), 'cpu');
  } catch (error) {
    const which = typeof model === 'string' ? model : `the ${model.byteLength} bytes`;
    throw new SandglassError(
      'ENCODER_BROKEN',
      `Expected an ONNX model but ONNX Runtime cannot open ${which}: ${messageOf(error)}; ` +
        'train or install the encoder again',
      { cause: error },
    );
  }
}

function create(
  runtime: typeof import('onnxruntime-node'),
  model: Uint8Array | string,
  providers: readonly string[],
  { threads, spinning = true, memory = 'fast' }: SessionOptions,
): Promise<InferenceSession> {
  // One of two signatures, whichever the model is.
  return runtime.InferenceSession.create(model as string, {
    executionProviders: providers,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    enableCpuMemArena: memory !== 'least',
    enableMemPattern: memory !== 'lean',
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(spinning
      ? {}
      : { extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } } }),
  });
}

function wrap(
  runtime: typeof import('onnxruntime-node'),
  session: InferenceSession,
  device: Exclude<Device, 'auto'>,
): OnnxSession {
  const inputs = session.inputMetadata.map(description);
  const outputs = session.outputMetadata.map(description);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    signature: { inputs, outputs },
    device,
    async run(feeds) {
      const results = await session.run(tensorsOf(runtime, inputs, feeds));
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, numericTensor(tensor)]));
    },
    release: () => session.release(),
  };
}

function description(metadata: InferenceSession.ValueMetadata): TensorDescription {
  if (!metadata.isTensor) return { name: metadata.name, type: 'float32', shape: [] };
  return { name: metadata.name, type: metadata.type as ElementType, shape: metadata.shape };
}

function tensorsOf(
  runtime: typeof import('onnxruntime-node'),
  inputs: readonly TensorDescription[],
  feeds: Readonly<Record<string, NumericTensor>>,
): Record<string, Tensor> {
  demandFeeds(inputs, feeds);
  return Object.fromEntries(
    inputs.map(({ name, type }) => {
      const { data, shape } = feeds[name] as NumericTensor;
      return [name, new runtime.Tensor(type, unshared(data) as Float32Array, shape) as Tensor];
    }),
  );
}

function numericTensor(tensor: Tensor): NumericTensor {
  const data = tensor.data as NumericData;
  // Newer versions of Node have a typed array of half floats; here they are their bits.
  const bits = tensor.type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  return { data: bits, shape: tensor.dims };
}

/** What ONNX Runtime says, without the places in its sources and the conditions that it checked there. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message.trim() : String(error);
  const failure = /\bCUDA failure \d+: [^;]+/.exec(message)?.[0].trim();
  return failure ?? (message.split(/ was false\. /).at(-1) as string);
}
