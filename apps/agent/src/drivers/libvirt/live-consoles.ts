import { attributeOf } from './xml';

/** Where the consoles of a guest in memory are, as libvirt tells it. */
export interface LiveConsoles {
  /** libvirt's number of this run of the guest: none has it twice. */
  readonly run: string;
  /** Path of the VNC server's socket, or its port on 127.0.0.1 for a guest that an older agent started; null: none. */
  readonly screen: string | number | null;
  /** The pseudo-terminal of the first serial port; null: none. */
  readonly serial: string | null;
}

function screenOf(dumpedXml: string): string | number | null {
  const element = /<graphics type=['"]vnc['"][^>]*>/.exec(dumpedXml)?.[0] ?? '';
  const socket = attributeOf(element, 'socket');
  if (socket !== null) return socket;
  const port = Number(attributeOf(element, 'port'));
  return Number.isInteger(port) && port > 0 ? port : null;
}

/** Of a domain as `virsh dumpxml` shows it while it runs; null for one that does not. */
export function consolesOf(dumpedXml: string): LiveConsoles | null {
  const run = attributeOf(/<domain [^>]*>/.exec(dumpedXml)?.[0] ?? '', 'id');
  if (run === null) return null;
  const [serial = ''] = /<serial type=['"]pty['"][\s\S]*?<\/serial>/.exec(dumpedXml) ?? [];
  const path = attributeOf(/<source [^>]*>/.exec(serial)?.[0] ?? '', 'path');
  return { run, screen: screenOf(dumpedXml), serial: path !== null && /^\/dev\/pts\/\d+$/.test(path) ? path : null };
}
