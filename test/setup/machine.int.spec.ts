import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describeWhere } from '../support/describe-where';

const SCRIPT = join(__dirname, '../../infra/host/machine.sh');
const [BRIDGE, CIDR, OURS] = ['cairnmach', '172.31.214.0/24', '172.31.214.1'];

function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  return existsSync('/etc/libvirt') ? undefined : 'no libvirt';
}

describeWhere(missing(), 'a host within this machine', () => {
  const dir = mkdtempSync(join(tmpdir(), 'cairn-machine-'));
  const machine = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(SCRIPT, args)).stdout;
  const up = (): Promise<string> => machine('up', dir, 'one', BRIDGE, CIDR, '11');
  const down = (): Promise<string> => machine('down', dir, BRIDGE);
  const server = createServer();
  afterAll(async () => {
    server.close();
    await down();
    rmSync(dir, { recursive: true });
  });

  /** The kernel keeps the name space of a connection whose other end does not answer, for minutes, and its wire with it. */
  it('that loses its power with a connection open is up again at once, and leaves nothing when it goes', async () => {
    await up();
    await once(server.listen(0, OURS), 'listening');
    server.on('connection', (socket) => socket.on('error', () => undefined).unref());
    const { port } = server.address() as AddressInfo;
    const connect = `exec 3<> /dev/tcp/${OURS}/${String(port)}`;
    const stay = `${connect}; ip link set dev eth0 down; echo silent; exec sleep 600`;
    const caller = spawn(SCRIPT, ['run', dir, 'bash', '-c', stay], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(caller.stdout, 'data');
    process.kill(Number(readFileSync(join(dir, 'machine.pid'), 'utf8')), 'SIGKILL');
    await once(caller, 'exit');

    await up();
    expect(await machine('run', dir, 'hostname')).toBe('one\n');
    await machine('run', dir, 'bash', '-c', connect);
    await down();
    expect(existsSync(`/sys/class/net/${BRIDGE}`)).toBe(false);
  });
});
