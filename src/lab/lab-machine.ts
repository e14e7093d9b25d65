// What the lab ran on: figures of time mean nothing without it.
import { availableParallelism, cpus } from 'node:os';
import { runtimeVersion } from '../runtime/cuda-libraries.ts';
import { chosenDevice, type Device } from '../runtime/onnx-session.ts';
import type { LabMachine } from './results.ts';

export async function machineFacts(asked: Device): Promise<LabMachine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    device: await chosenDevice(asked),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    onnxruntime: runtimeVersion(),
    date: new Date().toISOString(),
  };
}
