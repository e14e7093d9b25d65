// What the lab ran on: figures of time mean nothing without it.
import { availableParallelism, cpus } from 'node:os';
import { runtimeVersion } from '../runtime/cuda-libraries.ts';
import { type Device, deviceProblem } from '../runtime/onnx-session.ts';
import type { LabMachine } from './results.ts';

export async function machineFacts(asked: Device): Promise<LabMachine> {
  const device = asked !== 'auto' ? asked : (await deviceProblem('cuda')) === undefined ? 'cuda' : 'cpu';
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    device,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    onnxruntime: runtimeVersion(),
    date: new Date().toISOString(),
  };
}
