import type { RecordedEvent } from '@cairn/event-store';
import type { AgentEvent, InstanceFacts, Inventory } from '@cairn/host-protocol';

type Data = Readonly<Record<string, unknown>>;
type JobFailed = Extract<AgentEvent, { type: 'agent.job-failed.v1' }>['data'];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What is kept of a text: a tool on the host may have complained at any length. */
const LONGEST_TEXT = 16 * 1024;
const MOST_ITEMS = 4_096;

/** Raised while a report is read; never leaves this file. */
class Malformed extends Error {}

const must = (holds: boolean): void => {
  if (!holds) throw new Malformed();
};

function dataOf(value: unknown): Data {
  must(typeof value === 'object' && value !== null && !Array.isArray(value));
  return value as Data;
}

function text(data: Data, name: string): string {
  const value = data[name];
  must(typeof value === 'string');
  return (value as string).slice(0, LONGEST_TEXT);
}

function uuid(data: Data, name: string): string {
  const value = text(data, name);
  must(UUID.test(value));
  return value;
}

function amount(data: Data, name: string): number {
  const value = data[name];
  must(typeof value === 'number' && Number.isFinite(value) && value >= 0);
  return value as number;
}

function oneOf<T extends string>(data: Data, name: string, ...known: readonly T[]): T {
  const found = known.find((each) => each === data[name]);
  must(found !== undefined);
  return found as T;
}

function flag(data: Data, name: string): boolean {
  const value = data[name];
  must(typeof value === 'boolean');
  return value as boolean;
}

function items(value: unknown): readonly unknown[] {
  must(Array.isArray(value) && value.length <= MOST_ITEMS);
  return value as readonly unknown[];
}

const VIRT_TYPES = ['kvm', 'tcg', 'simulated'] as const;

function inventoryOf(value: unknown): Inventory {
  const data = dataOf(value);
  const cpu = dataOf(data['cpu']);
  const features = items(cpu['features']);
  must(features.every((feature) => typeof feature === 'string' && feature.length <= 64));
  return {
    hostname: text(data, 'hostname'),
    hostIp: text(data, 'hostIp'),
    vcpus: amount(data, 'vcpus'),
    ramMb: amount(data, 'ramMb'),
    diskGb: amount(data, 'diskGb'),
    hypervisorType: oneOf(data, 'hypervisorType', 'QEMU', 'fake'),
    hypervisorVersion: amount(data, 'hypervisorVersion'),
    virtType: oneOf(data, 'virtType', ...VIRT_TYPES),
    cpu: {
      arch: text(cpu, 'arch'),
      model: text(cpu, 'model'),
      vendor: text(cpu, 'vendor'),
      sockets: amount(cpu, 'sockets'),
      cores: amount(cpu, 'cores'),
      threads: amount(cpu, 'threads'),
      features: features as readonly string[],
    },
  };
}

function factsOf(value: unknown): InstanceFacts {
  const data = dataOf(value);
  const timings = dataOf(data['timings']);
  const names = items(Object.keys(timings)) as readonly string[];
  must(names.every((name) => name.length <= 64));
  return {
    power: oneOf(data, 'power', 'running', 'stopped', 'absent'),
    timings: Object.fromEntries(names.map((name) => [name, amount(timings, name)])),
    ...(data['virtType'] === undefined ? {} : { virtType: oneOf(data, 'virtType', ...VIRT_TYPES) }),
    ...(data['imageCached'] === undefined ? {} : { imageCached: flag(data, 'imageCached') }),
  };
}

const resultOf = (data: Data): Pick<JobFailed, 'effectId' | 'instanceId' | 'generation' | 'bootId'> => ({
  effectId: uuid(data, 'effectId'),
  instanceId: uuid(data, 'instanceId'),
  generation: amount(data, 'generation'),
  bootId: uuid(data, 'bootId'),
});

function read(type: string, data: Data): AgentEvent | undefined {
  switch (type) {
    case 'agent.started.v1': {
      const [hostId, bootId] = [uuid(data, 'hostId'), uuid(data, 'bootId')];
      return { type, data: { hostId, bootId, inventory: inventoryOf(data['inventory']) } };
    }
    case 'agent.drift-detected.v1': {
      const [hostId, bootId] = [uuid(data, 'hostId'), uuid(data, 'bootId')];
      return { type, data: { hostId, bootId, kind: text(data, 'kind'), name: text(data, 'name') } };
    }
    case 'agent.job-succeeded.v1':
      return { type, data: { ...resultOf(data), facts: factsOf(data['facts']) } };
    case 'agent.job-failed.v1': {
      const code = text(data, 'code') as JobFailed['code'];
      return {
        type,
        data: { ...resultOf(data), code, message: text(data, 'message'), permanent: flag(data, 'permanent') },
      };
    }
    case 'agent.job-superseded.v1':
      return { type, data: { ...resultOf(data), newestGeneration: amount(data, 'newestGeneration') } };
    default:
      return undefined;
  }
}

/**
 * What an agent says, if it is of the shape that host-protocol promises, and nothing besides; undefined otherwise. Agents
 * are not trusted with the truth (ARCHITECTURE.md, rule 7): an inventory without numbers, once it is history, would be in
 * the way of every launch, and a report that cannot be recorded would hold up all that come after it.
 */
export function agentReport({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): AgentEvent | undefined {
  try {
    return read(type, data);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
