import { readFileSync } from 'node:fs';

/** Where the system does not tell: what a shell gives by default. */
const UNKNOWN = 1_024;
/** For files, databases and the connections that a process opens itself. */
const RESERVED = 256;
/** More clients than one process serves; each costs memory. */
const MOST = 4_096;
const LEAST = 64;

/** How many files and sockets this process may have open. */
export function descriptorLimit(read: () => string = () => readFileSync('/proc/self/limits', 'utf8')): number {
  try {
    const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(read()) ?? [];
    return soft === undefined ? UNKNOWN : soft === 'unlimited' ? Infinity : Number(soft);
  } catch {
    return UNKNOWN;
  }
}

/** How many connections each of so many listeners may have, so that all of them together leave descriptors for work. */
export function connectionsPerListener(listeners: number, descriptors = descriptorLimit()): number {
  return Math.max(LEAST, Math.min(MOST, Math.floor((descriptors - RESERVED) / listeners)));
}
