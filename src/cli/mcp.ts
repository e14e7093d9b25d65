// `sandglass mcp`: the index as a server of the Model Context Protocol, on standard input and output.
import { Command } from 'commander';
import { EXIT } from './exit-codes.ts';
import { type CommandDefinition, Session } from './session.ts';
import { VERSION } from './version.ts';

export function mcpCommand(): CommandDefinition {
  const command = new Command('mcp')
    .description('Serve the index to assistants: tools of the Model Context Protocol over standard input and output.')
    .addHelpText('after', '\nExamples:\n  $ sandglass mcp --index ~/notes\n\nClients start it; docs/mcp.md says how.');
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const session = new Session(command);
      // The protocol and zod are loaded for those who serve.
      const { serveMcp } = await import('../mcp/serve.ts');
      await serveMcp({ open: () => session.open(), version: VERSION, signal, notice: (text) => session.notice(text) });
      return EXIT.ok;
    },
  };
}
