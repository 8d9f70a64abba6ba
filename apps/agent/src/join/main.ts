import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';

import { parseJoinToken } from '@cairn/host-protocol';

import { messageOf } from '../unknown-error';
import { joinCloud, JoinFailed } from './join';

const USAGE =
  'usage: join --controller https://ADDRESS:PORT --state FOLDER [--driver libvirt|simulated] [--address IP]';

/** The token comes by standard input: arguments are for everyone on the machine to see. */
async function readToken(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('token: ');
  for await (const line of createInterface({ input: process.stdin })) return line.trim();
  return '';
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      controller: { type: 'string' },
      state: { type: 'string' },
      driver: { type: 'string', default: 'libvirt' },
      address: { type: 'string', default: '127.0.0.1' },
    },
  });
  const { controller, state, driver, address } = values;
  if (controller === undefined || state === undefined || (driver !== 'libvirt' && driver !== 'simulated'))
    throw new JoinFailed(USAGE);
  if (!URL.canParse(controller) || new URL(controller).protocol !== 'https:')
    throw new JoinFailed(`${controller} is no https:// URL; ${USAGE}`);
  const token = parseJoinToken(await readToken());
  if (token === undefined)
    throw new JoinFailed('that is no token: ./cairn host enroll NAME on the controller prints one');
  const controllerUrl = new URL(controller).origin;
  const name = await joinCloud({ controllerUrl, token, folder: resolve(state), driver, hostIp: address });
  process.stdout.write(`joined as ${name}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`join: ${messageOf(error)}\n`);
  process.exit(1);
});
