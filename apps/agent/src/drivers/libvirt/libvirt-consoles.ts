import { constants, open } from 'node:fs';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import { promisify } from 'node:util';

import type { ConsoleKind } from '@cairn/host-protocol';

import { type GuestConsoles, NoConsole } from '../../ports/guest-consoles.port';
import { SerialStreams } from '../serial-streams';

import { markOf } from './domain-xml';
import { orNullIfGone } from './domains';
import { consolesOf, type LiveConsoles } from './live-consoles';
import { SYSTEM, Virsh } from './virsh';

const CONNECT_WITHIN_MS = 5_000;

const openFile = promisify<string, number, number>(open);

/** Consoles of libvirt's guests: QEMU's VNC server on a socket of the host, and the pseudo-terminal of the serial port. */
export class LibvirtConsoles implements GuestConsoles {
  private readonly virsh: Virsh;
  private readonly serials = new SerialStreams();

  constructor(uri = SYSTEM) {
    this.virsh = new Virsh(uri);
  }

  async open(instanceId: string, kind: ConsoleKind): Promise<Duplex> {
    const before = await this.live(instanceId);
    const stream = await (kind === 'vnc' ? screenAt(before) : serialAt(before));
    // A port or a terminal may be another guest's by now: only if the same guest still has it, it was this one's.
    const after = await this.live(instanceId).catch(() => undefined);
    if (after?.run !== before.run) {
      stream.destroy();
      throw new NoConsole('The guest has just ended.');
    }
    if (kind === 'serial') this.serials.take(instanceId, stream);
    return stream;
  }

  /** @throws NoConsole where Cairn has no guest of that id in memory. */
  private async live(instanceId: string): Promise<LiveConsoles> {
    const dumped = await orNullIfGone(this.virsh.run('dumpxml', instanceId));
    const consoles = dumped === null || markOf(dumped) === null ? null : consolesOf(dumped);
    if (consoles === null) throw new NoConsole('The guest does not run.');
    return consoles;
  }
}

async function screenAt({ screen }: LiveConsoles): Promise<Duplex> {
  if (screen === null) throw new NoConsole('The guest has no screen.');
  const socket = connect(typeof screen === 'string' ? { path: screen } : { port: screen, host: '127.0.0.1' });
  const patience = setTimeout(() => socket.destroy(new Error('no answer')), CONNECT_WITHIN_MS);
  try {
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  } catch (cause) {
    throw new NoConsole("The guest's screen cannot be reached.", { cause });
  } finally {
    clearTimeout(patience);
  }
}

async function serialAt({ serial }: LiveConsoles): Promise<Duplex> {
  if (serial === null) throw new NoConsole('The guest has no serial port.');
  // not as this process's own terminal
  const flags = constants.O_RDWR | constants.O_NOCTTY;
  try {
    return new ReadStream(await openFile(serial, flags));
  } catch (cause) {
    throw new NoConsole("The guest's serial port cannot be opened.", { cause });
  }
}
