// `sandglass serve`: the page and the HTTP API of an index, for this machine.
import { Command, Option } from 'commander';
import { SandglassError } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';
import { type CommandDefinition, Session } from './session.ts';
import { VERSION } from './version.ts';

const PORT = 7411;

export function serveCommand(): CommandDefinition {
  const command = new Command('serve')
    .description('Serve a page to search the index with, and its HTTP API, to this machine.')
    .addOption(new Option('--port <port>', '0: any that is free').argParser(wholeNumber(0, 65_535)).default(PORT))
    .addOption(
      new Option('--host <host>', 'the address to listen at; others than 127.0.0.1 take a token').default('127.0.0.1'),
    )
    .addOption(new Option('--token <token>', 'what requests must know, 16 characters or more').env('SANDGLASS_TOKEN'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ sandglass serve --index ~/notes\n\nCtrl-C ends it, when it has answered what it was asked.',
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const { host, port, token } = command.opts<{ host: string; port: number; token?: string }>();
      const session = new Session(command);
      // Fastify is loaded for those who serve.
      const { serveHttp } = await import('../server/serve.ts');
      const { isLoopback } = await import('../server/guard.ts');
      if (!isLoopback(host) && token === undefined)
        throw new SandglassError(
          'SETTING_INVALID',
          `Expected --token with --host ${host}: others can reach the server there.`,
        );
      if (token !== undefined && !/^[\w.~-]{16,200}$/.test(token))
        throw new SandglassError('SETTING_INVALID', 'Expected a --token of 16 to 200 letters, digits, and - . _ ~.');
      try {
        await serveHttp({
          open: () => session.open(),
          host,
          port,
          token,
          version: VERSION,
          signal,
          ready: (address) => session.print(token === undefined ? address : `${address}?token=${token}`),
          notice: (text) => session.notice(text),
        });
      } catch (error) {
        throw cannotListen(error, host, port);
      }
      return EXIT.ok;
    },
  };
}

function cannotListen(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new SandglassError(
      'SETTING_INVALID',
      `Another program listens at ${host}:${port}; choose another --port, or 0.`,
    );
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new SandglassError('SETTING_INVALID', `Nothing can listen at ${host}:${port} on this machine (${code}).`);
  return error;
}
