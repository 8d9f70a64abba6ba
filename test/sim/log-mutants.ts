import { type EventStore, EventStoreDb, OutcomeUnknown, StoreRefused, StoreUnready } from '@cairn/event-store';

import { Cluster } from '../../libs/event-store/src/nodes/cluster';
import type { Choice, View } from '../../libs/event-store/src/nodes/gossip';
import { type Lane, Lanes } from '../../libs/event-store/src/nodes/lanes';
import { SettledCheckpoints } from '../../libs/event-store/src/settled-checkpoints';
import { method, type Mutant, replaced } from './mutant';

const NOWHERE = 2n ** 64n - 1n;

/** Mistakes in the dealings with a log of several nodes: each was made once, by Cairn or by a client of the log. */
export const LOG_MUTANTS: readonly Mutant[] = [
  {
    mistake: 'a search for a node that failed once is never made again',
    plant: () =>
      replaced(Cluster.prototype, 'use', (original) => {
        const failed = new WeakMap<object, unknown>();
        return method(async function (need, patience) {
          if (failed.has(this)) throw failed.get(this) as Error;
          try {
            return await original.call(this, need, patience);
          } catch (error) {
            failed.set(this, error);
            throw error;
          }
        });
      }),
  },
  {
    mistake: 'a node that is not ready is taken to refuse for ever',
    plant: () =>
      replaced(EventStoreDb.prototype, 'noted', (original) =>
        method(function (node, failure) {
          const { message } = original.call(this, node, failure) as Error;
          return message.includes('Server Is Not Ready') ? new StoreRefused(message) : failure;
        }),
      ),
  },
  {
    mistake: 'a checkpoint that stands for nothing counts as progress',
    plant: () =>
      replaced(SettledCheckpoints.prototype, 'announced', (original) =>
        method(function (checkpoint) {
          return checkpoint === NOWHERE ? checkpoint : original.call(this, checkpoint);
        }),
      ),
  },
  {
    mistake: 'the place where the next event will be is resumed from as if it had been seen',
    plant: () =>
      replaced(SettledCheckpoints.prototype, 'announced', () => (checkpoint: unknown) => {
        return checkpoint === NOWHERE ? undefined : checkpoint;
      }),
  },
  {
    mistake: 'a leader that was deposed is stayed with for as long as it answers',
    plant: () =>
      replaced(Cluster.prototype, 'choiceOf', (original) =>
        method(function (views) {
          const { current } = this as Cluster;
          const address = current?.node.address;
          const answers = (views as readonly View[]).some(({ from }) => from === address);
          const choice: Choice | undefined =
            address !== undefined && answers
              ? { address, use: 'leads' }
              : (original.call(this, views) as Choice | undefined);
          return choice;
        }),
      ),
  },
  {
    mistake: 'a call more than a connection carries is made on it',
    plant: () =>
      replaced(Lanes.prototype, 'take', (original) =>
        method(function () {
          const [first] = (this as unknown as { readonly lanes: readonly Lane[] }).lanes;
          if (first === undefined) return original.call(this);
          first.calls += 1;
          return first;
        }),
      ),
  },
  {
    mistake: 'a write whose outcome is unknown is made again without a look',
    plant: () =>
      replaced(EventStoreDb.prototype, 'append', (original) =>
        method(async function (stream, expected, events) {
          try {
            return await original.call(this, stream, expected, events);
          } catch (error) {
            if (!(error instanceof OutcomeUnknown) || error instanceof StoreUnready) throw error;
            const last = await (this as EventStore).last(String(stream));
            return original.call(this, stream, last?.revision ?? 'no-stream', events);
          }
        }),
      ),
  },
  {
    mistake: 'a subscription stays with the node that it began on',
    plant: () =>
      replaced(Cluster.prototype, 'drop', (original) =>
        method(function (node, why) {
          if (!String(why).startsWith('another node')) original.call(this, node, why);
        }),
      ),
  },
];
