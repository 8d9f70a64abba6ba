import { CommandFailed, runCommand } from '../host-command';

import { networkFailure } from './check-port';

/** Runs a program that shows or changes the host's network. @throws JobFailure with the command and the program's own words. */
export async function runNetworkTool(program: 'ip' | 'bridge', args: readonly string[], input = ''): Promise<string> {
  try {
    return await runCommand(program, args, { input });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    throw networkFailure(`${program} ${args.join(' ')}: ${error.stderr}`, { cause: error });
  }
}
