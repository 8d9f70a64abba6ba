import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { ip } from './test-networks';

/** A frame that a host has sent to others. */
export interface SeenFrame {
  /** The id of its 802.1Q tag; null for a frame without one. */
  readonly vlan: number | null;
  readonly from: string;
  readonly to: string;
}

/** A switch between hosts, in a network name space of its own. */
export interface Trunk {
  readonly namespace: string;
  /** Its sockets, one for each host. */
  readonly taps: readonly string[];
  /** Every frame that has come from a host. */
  readonly seen: readonly SeenFrame[];
  close(): Promise<void>;
}

/**
 * Prints each frame that comes in: the id of its tag, sender and receiver. The kernel takes a tag out of the frame and tells
 * of it beside (packet(7), PACKET_AUXDATA).
 */
const WATCH = `
import socket, struct, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.setsockopt(263, 8, 1)
print('watching', flush=True)
while True:
    frame, told, _, (device, _, kind, *_) = wire.recvmsg(65536, 256)
    if kind == 4 or device not in sys.argv[1:]:
        continue
    vlan = '-'
    for _, _, data in told:
        status, _, _, _, _, tag, _ = struct.unpack('IIIHHHH', data[:20])
        vlan = tag & 0xfff if status & 0x10 else '-'
    print(vlan, frame[6:12].hex(':'), frame[0:6].hex(':'), flush=True)
`;

export async function openTrunk(hosts: number): Promise<Trunk> {
  const namespace = `cairntest-trunk-${String(process.pid)}`;
  const taps = Array.from({ length: hosts }, (_, i) => `host${String(i)}`);
  const within = (...words: readonly string[]): Promise<string> => ip('-n', namespace, ...words);
  await ip('netns', 'add', namespace);
  await within('link', 'add', 'name', 'trunk', 'type', 'bridge');
  await within('link', 'set', 'dev', 'trunk', 'up');
  for (const tap of taps) {
    await within('tuntap', 'add', 'dev', tap, 'mode', 'tap');
    await within('link', 'set', 'dev', tap, 'master', 'trunk', 'up');
  }
  const watcher = spawn('ip', ['netns', 'exec', namespace, 'python3', '-c', WATCH, ...taps], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: SeenFrame[] = [];
  const ended = new Promise((resolve) => watcher.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    void ended.then(() => {
      reject(new Error('nobody watches the trunk'));
    });
    createInterface({ input: watcher.stdout }).on('line', (line) => {
      const [vlan = '', from = '', to = ''] = line.split(' ');
      if (vlan === 'watching') resolve();
      else seen.push({ vlan: vlan === '-' ? null : Number(vlan), from, to });
    });
  });
  return {
    namespace,
    taps,
    seen,
    async close() {
      watcher.kill();
      await ended;
      await ip('netns', 'delete', namespace);
    },
  };
}
