import { GenerationalCache } from '@cairn/cache';
import { isLaunching, type NetworkChoice, streamRef } from '@cairn/domain';
import type { Executor } from '../../runtime/ports';

const MOST = 10_000;

const keyOf = ({ networkId, address }: NetworkChoice): string => `${networkId}/${address ?? ''}`;

/**
 * Which server asked last for a certain address, as far as this controller knows: until a launch has come so far that the
 * network's stream has the address, a second request for it can be told at once. A hint: the stream decides.
 */
export class AskedAddresses {
  private readonly askers = new GenerationalCache<string, string>(MOST);

  constructor(private readonly executor: Pick<Executor, 'state'>) {}

  /** The server that is about to get the address; else undefined, and then `instanceId` counts as the one that asked last. */
  async holder(choice: NetworkChoice, instanceId: string): Promise<string | undefined> {
    const key = keyOf(choice);
    const before = this.askers.get(key);
    this.askers.set(key, instanceId);
    if (before === undefined || before === instanceId) return undefined;
    const state = await this.executor.state(streamRef('instance', before));
    if (!isLaunching(state) || state.deletion !== undefined) return undefined;
    this.askers.set(key, before);
    return before;
  }
}
