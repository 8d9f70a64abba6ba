import type { HostMessage } from '@cairn/host-protocol';

const KINDS: Readonly<Record<HostMessage['kind'], readonly string[]>> = {
  'ensure-instance': ['effectId', 'hostId', 'instanceId', 'generation', 'spec'],
  'reboot-instance': ['effectId', 'hostId', 'instanceId', 'generation', 'spec', 'type'],
  'remove-instance': ['effectId', 'hostId', 'instanceId', 'generation'],
  'read-console': ['requestId', 'instanceId', 'lines'],
};

/**
 * A job's payload as a message, or undefined for what is none. A controller of a newer release may send what this agent
 * does not know; it must not be taken for something else.
 */
export function asMessage(value: unknown): HostMessage | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) return undefined;
  const fields = KINDS[kind as HostMessage['kind']];
  return fields.every((field) => Object.hasOwn(value, field)) ? (value as HostMessage) : undefined;
}
