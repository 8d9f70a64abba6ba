import { JobFailure } from '../../ports/errors';
import type { DomainState, PowerState } from '../../ports/hypervisor.port';

import { markOf, nameOf, rootOf } from './domain-xml';
import { type Virsh, VirshFailed } from './virsh';

/** libvirt's words, folded to what matters here. A crashed domain is off; a guest that is shutting down still runs. */
export type RunState = 'running' | 'paused' | 'off';

/** A domain of Cairn's as libvirt has it now. */
export interface FoundDomain {
  readonly name: string;
  readonly digest: string;
  /** Path of the root disk that it is defined with. */
  readonly root: string;
  readonly state: RunState;
}

/** Looks domains up. A domain of Cairn's is known by its uuid, which is the instance's id, and by its metadata. */
export class Domains {
  constructor(private readonly virsh: Virsh) {}

  /**
   * The domain of an instance, or null.
   * @throws JobFailure when a domain with that uuid exists and is not Cairn's.
   */
  async find(instanceId: string): Promise<FoundDomain | null> {
    const dumped = await this.dump(instanceId, '--inactive');
    if (dumped === null) return null;
    const mark = markOf(dumped);
    if (mark === null) {
      const why = `The domain ${nameOf(dumped)} has the id of instance ${instanceId} but was not made by Cairn`;
      throw new JobFailure('hypervisor.failed', why, false);
    }
    return {
      name: nameOf(dumped),
      digest: mark.digest,
      root: rootOf(dumped),
      state: await this.state(instanceId),
    };
  }

  async state(instanceId: string): Promise<RunState> {
    const word = await orNullIfGone(this.virsh.run('domstate', instanceId));
    return runStateOf(word ?? 'shut off');
  }

  /** Every domain on the host; others than Cairn's with instanceId ''. */
  async list(): Promise<readonly DomainState[]> {
    const all = lines(await this.virsh.run('list', '--all', '--uuid'));
    const powerOf = await this.powers();
    const states: DomainState[] = [];
    for (const uuid of all) {
      const dumped = await this.dump(uuid);
      if (dumped === null) continue; // gone since it was listed
      const instanceId = markOf(dumped)?.instanceId ?? '';
      states.push({ instanceId, name: nameOf(dumped), power: powerOf(uuid) });
    }
    return states;
  }

  /** `absent` without a domain of Cairn's. */
  async powerOf(instanceId: string): Promise<PowerState> {
    const powerOf = await this.powers();
    const dumped = await this.dump(instanceId);
    return dumped === null || markOf(dumped) === null ? 'absent' : powerOf(instanceId);
  }

  /** The power of each domain that there is, by its uuid. */
  private async powers(): Promise<(uuid: string) => PowerState> {
    const listed = async (...flags: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set(lines(await this.virsh.run('list', '--uuid', ...flags)));
    const [active, paused, saved] = await Promise.all([
      listed(),
      listed('--state-paused'),
      listed('--inactive', '--with-managed-save'),
    ]);
    return (uuid) => {
      if (active.has(uuid)) return paused.has(uuid) ? 'paused' : 'running';
      return saved.has(uuid) ? 'suspended' : 'stopped';
    };
  }

  private dump(uuid: string, ...flags: readonly string[]): Promise<string | null> {
    return orNullIfGone(this.virsh.run('dumpxml', uuid, ...flags));
  }
}

/** What `virsh domstate` says. */
export function runStateOf(word: string): RunState {
  switch (word.trim()) {
    case 'shut off':
    case 'crashed':
      return 'off';
    case 'paused':
    case 'pmsuspended':
      return 'paused';
    default:
      return 'running';
  }
}

/** virsh's answer, or null when it is that there is no such domain. */
export async function orNullIfGone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof VirshFailed && /failed to get domain|Domain not found/i.test(error.said)) return null;
    throw error;
  }
}

const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
