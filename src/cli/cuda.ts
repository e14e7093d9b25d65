// `sandglass cuda`: can CUDA be used, and put its provider in place.
import { Command, Option } from 'commander';
import { cudaChecks, inspectCuda, installCuda, removeCuda, SandglassError } from '../sandglass.ts';
import { checkLines } from './doctor.ts';
import { EXIT } from './exit-codes.ts';
import { bytes } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

interface CudaFlags {
  readonly into?: string;
  readonly remove?: boolean;
  readonly json?: boolean;
}

export function cudaCommand(): CommandDefinition {
  const command = new Command('cuda')
    .description('Put the CUDA provider of ONNX Runtime in place, and say what is still missing.')
    .argument('[package]', 'a wheel of onnxruntime-gpu, a NuGet package, or a folder that holds the libraries')
    .addOption(new Option('--remove', 'take the provider away again'))
    .addOption(new Option('--into <dir>', "another folder than that of onnxruntime-node's binding"))
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass cuda                                what is there, what is missing?
  $ sandglass cuda onnxruntime_gpu-1.30.0-cp311-cp311-manylinux_2_28_x86_64.whl
  $ sandglass cuda Microsoft.ML.OnnxRuntime.Gpu.Linux.1.30.0.nupkg
  $ sandglass cuda --remove

The version must be that of onnxruntime-node. docs/gpu.md has every step.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<CudaFlags>();
      const session = new Session(command);
      const [source] = command.args;
      const into = flags.into === undefined ? {} : { folder: flags.into };
      if (flags.remove) {
        if (source !== undefined) {
          throw new SandglassError('SETTING_INVALID', 'Expected a package or --remove, but received both.');
        }
        const result = await removeCuda(flags.into);
        if (flags.json) session.printJson({ schema: 1, ...result });
        else {
          const what =
            result.removed.length > 0 ? `Removed ${result.removed.join(' and ')} from` : 'Nothing to remove in';
          session.print(`${what} ${printable(result.folder)}`);
        }
        return EXIT.ok;
      }
      const installed =
        source === undefined
          ? undefined
          : await installCuda(source, {
              ...into,
              signal,
              onProgress: (done, total) => session.progress.update(`copying  ${bytes(done)} of ${bytes(total)}`),
            });
      session.progress.clear();
      const state = await inspectCuda(flags.into);
      if (flags.json) session.printJson({ schema: 1, ...(installed === undefined ? {} : { installed }), state });
      else {
        for (const { name, bytes: size } of installed?.files ?? []) session.print(`copied ${name} (${bytes(size)})`);
        session.print(checkLines(cudaChecks(state), session));
      }
      return EXIT.ok;
    },
  };
}
