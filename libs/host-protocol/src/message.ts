import type { HostMessage } from './jobs';

const KINDS: Readonly<Record<HostMessage['kind'], readonly string[]>> = {
  'ensure-instance': ['effectId', 'hostId', 'instanceId', 'generation', 'spec'],
  'reboot-instance': ['effectId', 'hostId', 'instanceId', 'generation', 'spec', 'type'],
  'remove-instance': ['effectId', 'hostId', 'instanceId', 'generation'],
  'read-console': ['requestId', 'instanceId', 'lines'],
};

/** Names of folders and domains are made from it. */
const INSTANCE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A job's payload as a message, or undefined for what is none. A controller of a newer release may send what this agent
 * does not know; it must not be taken for something else.
 */
export function asMessage(value: unknown): HostMessage | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  const { kind } = value;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) return undefined;
  const fields = KINDS[kind as HostMessage['kind']];
  if (!fields.every((field) => Object.hasOwn(value, field))) return undefined;
  const message = value as HostMessage;
  return typeof message.instanceId === 'string' && INSTANCE_ID.test(message.instanceId) ? message : undefined;
}
