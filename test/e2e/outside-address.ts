import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** For documentation (RFC 5737), given to this machine's own loopback device: nothing leaves the machine. */
const ADDRESS = '198.51.100.62';
const CIDR = `${ADDRESS}/32`;

const address = (verb: 'add' | 'delete'): Promise<unknown> =>
  promisify(execFile)('ip', ['address', verb, CIDR, 'dev', 'lo']);

/** An address at which other machines could reach this one. */
export const outside = {
  address: ADDRESS,
  cidr: CIDR,
  /** Only root can give an address to a device. */
  missing: process.getuid?.() === 0 ? undefined : 'not root',
  /** Also where a run that was cut off has left it. */
  async add(): Promise<void> {
    await outside.remove().catch(() => undefined);
    await address('add');
  },
  remove: (): Promise<unknown> => address('delete'),
};
