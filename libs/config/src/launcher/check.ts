import { networkInterfaces } from 'node:os';
import { ConfigError, parsed } from '../parse';
import { launcherSettings, SECRET_SETTINGS, strangeAddresses, unknownSettings } from './settings';

/**
 * Checks the settings in the environment, before `up` keeps or uses any. Complaints are lines of standard error, each with
 * the variable's name and what is right; a name that nothing knows is only told.
 */
function main(environment: NodeJS.ProcessEnv): number {
  for (const name of unknownSettings(Object.keys(environment)))
    process.stderr.write(`[cairn] ${name} is not a setting of Cairn: it has no effect\n`);
  try {
    const settings = parsed(launcherSettings, environment, { hidden: SECRET_SETTINGS });
    const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));
    const strange = strangeAddresses(settings, own);
    if (strange.length > 0) throw new ConfigError(strange.join('\n'));
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.message.split('\n')) process.stderr.write(`[cairn] error: ${line}\n`);
    return 1;
  }
}

process.exitCode = main(process.env);
