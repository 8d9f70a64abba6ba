import { parseArgs } from 'node:util';
import { backup } from './backup';
import { checkpoint } from './checkpoint';
import type { Command, Options } from './command';
import { restoreLog } from './restore';
import { scavenge } from './scavenge';
import { verify } from './verify';

const USAGE = `usage: log COMMAND [OPTIONS]

  verify [--checkpoint FILE]... [--public-key FILE]   walk the log: every hash, and what the checkpoints signed
  checkpoint [FILE]                                   sign the head of the log
  public-key [FILE]                                   the key that checks this log's checkpoints
  backup DIRECTORY                                    copy what is new into a backup, verified, while the store runs
  restore DIRECTORY                                   make the log from a backup; its store must not run
  scavenge                                            remove what deletes and retention hide; the store must run

options: --dir DIRECTORY of the log; of the store (scavenge) --url esdb://… or CAIRN_EVENTSTORE_URL, and where
it has users --user NAME --password-file FILE --ca-file FILE
`;

const COMMANDS: Readonly<Record<string, Command>> = {
  verify,
  checkpoint: (options, argument) => checkpoint(options, argument, 'checkpoint'),
  'public-key': (options, argument) => checkpoint(options, argument, 'public-key'),
  backup,
  restore: restoreLog,
  scavenge,
};

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      dir: { type: 'string', default: '' },
      url: { type: 'string', default: process.env['CAIRN_EVENTSTORE_URL'] ?? process.env['EVENTSTORE_URL'] ?? '' },
      user: { type: 'string' },
      'password-file': { type: 'string' },
      'ca-file': { type: 'string' },
      checkpoint: { type: 'string', multiple: true, default: [] },
      'public-key': { type: 'string' },
    },
  });
  const [name = '', argument, ...more] = positionals;
  // eslint-disable-next-line cairn/own-keys -- it is its own
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const options: Options = {
    directory: values.dir,
    url: values.url,
    user: values.user,
    passwordFile: values['password-file'],
    caFile: values['ca-file'],
    checkpoints: values.checkpoint,
    publicKey: values['public-key'],
  };
  return command(options, argument);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    // Some of the client's errors say what they are by their names only.
    const why = error instanceof Error ? error.message || error.name : String(error);
    process.stderr.write(`error: ${why}\n`);
    process.exitCode = 1;
  },
);
