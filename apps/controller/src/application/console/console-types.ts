import { DomainError, type Instance, taskState } from '@cairn/domain';
import type { ConsoleKind } from '@cairn/host-protocol';

/** nova's words for ways to a console, by what people write. */
export type ConsoleProtocol = 'vnc' | 'serial' | 'spice' | 'rdp' | 'mks';

const SERVED: ReadonlyMap<ConsoleProtocol, { readonly kind: ConsoleKind; readonly type: string }> = new Map([
  ['vnc', { kind: 'vnc', type: 'novnc' }],
  ['serial', { kind: 'serial', type: 'serial' }],
]);

/** @throws DomainError in nova's words for a way that is switched off here, or that is no way to this kind of console */
export function consoleKind(protocol: ConsoleProtocol, type: string): ConsoleKind {
  const served = SERVED.get(protocol);
  if (served === undefined)
    throw new DomainError('invalid', 'console.unavailable', `Unavailable console type ${type}.`);
  if (served.type !== type) throw new DomainError('invalid', 'console.invalid-type', `Invalid console type ${type}`);
  return served.kind;
}

/** What has a guest in memory. One of a server in error may be there: its host knows. */
const WITH_CONSOLE: ReadonlySet<Instance['vmState']> = new Set(['active', 'paused', 'rescued', 'resized', 'error']);
/** Tasks during which nova tells nobody where the console is. */
const LEAVING: ReadonlySet<string | null> = new Set(['deleting', 'migrating']);

export const hasConsole = (instance: Instance): boolean => WITH_CONSOLE.has(instance.vmState);

export const isLeaving = (instance: Instance): boolean => LEAVING.has(taskState(instance));

/** @throws DomainError in nova's words for a server whose console cannot be had now */
export function requireConsole(instanceId: string, instance: Instance, protocol: ConsoleProtocol): void {
  if (isLeaving(instance)) {
    const task = taskState(instance) ?? '';
    const message = `Cannot 'get_${protocol}_console' instance ${instanceId} while it is in task_state ${task}`;
    throw new DomainError('conflict', 'instance.invalid-state', message);
  }
  if (!hasConsole(instance))
    throw new DomainError('conflict', 'instance.not-ready', `Instance ${instanceId} is not ready`);
}
