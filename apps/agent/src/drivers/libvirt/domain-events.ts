import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { own } from '@cairn/domain';

import type { DomainChange } from '../../ports/hypervisor.port';
import { BARE_ENVIRONMENT } from '../host-command';

/** What libvirt calls a domain's life, and its details, in words for a tenant. Of others, nothing has to be known. */
const CAUSES: Readonly<Record<string, string>> = {
  'Shutdown Finished': 'The guest shut down.',
  'Shutdown Finished after guest request': 'The guest shut down.',
  'Shutdown Finished after host request': 'The guest was shut down by its host.',
  'Stopped Shutdown': 'The guest shut down.',
  'Stopped Destroyed': 'The guest was ended on its host.',
  'Stopped Crashed': 'The guest crashed.',
  'Stopped Failed': 'The hypervisor failed to run the guest.',
  'Stopped Saved': 'The memory of the guest was saved on its host.',
  'Crashed Panicked': 'The kernel of the guest panicked.',
  'Suspended Paused': 'The guest was paused on its host.',
  'Suspended I/O Error': 'The guest was paused because its disk failed.',
  'Suspended Watchdog': 'The guest was paused by its watchdog.',
  'Resumed Unpaused': 'The guest was let go on at its host.',
  'Started Booted': 'The guest was started on its host.',
};

const LINE = /^event 'lifecycle' for domain '?([^':]+)'?: (.+)$/;

/** What a line of `virsh event` tells; undefined for one that tells of no change. */
export function domainChange(line: string): DomainChange | undefined {
  const [, name, what = ''] = LINE.exec(line.trim()) ?? [];
  if (name === undefined) return undefined;
  return { name, cause: own(CAUSES, what) ?? `libvirt says: ${what.slice(0, 128)}.` };
}

/**
 * Follows libvirt's own events of all domains until the signal aborts.
 * @throws Error when virsh ends by itself, as it does when libvirtd ends.
 */
export async function* domainChanges(uri: string, signal: AbortSignal): AsyncIterable<DomainChange> {
  const args = ['-q', '-c', uri, 'event', '--event', 'lifecycle', '--loop'];
  const child = spawn('virsh', args, { env: BARE_ENVIRONMENT, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code) => {
      resolve(`virsh event ended with ${String(code)}`);
    });
  });
  const stop = (): void => {
    child.kill();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) stop();
    for await (const line of createInterface({ input: child.stdout })) {
      const change = domainChange(line);
      if (change !== undefined) yield change;
    }
    const why = await ended;
    if (!signal.aborted) throw new Error(why);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
