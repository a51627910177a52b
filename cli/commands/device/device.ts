import type { Command } from '../../command.ts';
import { parseCommand } from '../../parse.ts';
import { addDevices, printDevices } from './device-add.ts';
import { declaration } from './device-declaration.ts';
import { replayFiles } from './device-replay.ts';
import { runDevices } from './device-run.ts';

export const command: Command = {
  async run(args, effects) {
    const invocation = await parseCommand(declaration, args, effects);
    const { operands } = invocation;
    switch (invocation.subcommand) {
      case 'add':
        return addDevices(operands, invocation.values, effects);
      case 'list':
        return printDevices(invocation.values, effects);
      case 'run':
        return runDevices(operands, invocation.values, effects);
      case 'replay':
        return replayFiles(operands, invocation.values, effects);
    }
  },
};
