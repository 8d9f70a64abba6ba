import type { Rule } from './rule';

/**
 * A command's events stand in its stream once, next to each other: repeating a command, or carrying out an effect twice,
 * changes nothing. With the ids of outcomes this says as well that each effect has at most one.
 */
export function commandsHappenOnce(): Rule {
  const last = new Map<string, string>();
  const seen = new Set<string>();
  return ({ event }) => {
    const commandId = event.metadata['commandId'];
    if (typeof commandId !== 'string' || commandId === '') return `${event.type} in ${event.stream} has no command id`;
    const key = `${event.stream}/${commandId}`;
    const before = last.get(event.stream);
    last.set(event.stream, commandId);
    if (before === commandId) return undefined;
    if (seen.has(key)) return `command ${commandId} happened twice in ${event.stream}: ${event.type}`;
    seen.add(key);
    return undefined;
  };
}
