import {
  aggregates,
  type CommandEffect,
  deriveId,
  type Effect,
  type FloatingIp,
  type Host,
  type HostAggregateCommand,
  type HostAggregates,
  type Message,
} from '@cairn/domain';

import { MemoryJournal } from '../../apps/agent/src/journal/memory-journal';
import { Supersession } from '../../apps/agent/src/supersession';
import type { CommandContext } from '../../apps/controller/src/runtime/ports';
import { CommandExecutor } from '../../apps/controller/src/runtime/execute';
import { EffectRunner } from '../../apps/controller/src/runtime/effect-runner';
import { Mailbox } from '../../apps/controller/src/runtime/mailbox';
import { PositionTracker } from '../../apps/controller/src/runtime/position-tracker';
import { Repeats } from '../../apps/controller/src/runtime/repeats';
import { ReportAcceptor } from '../../apps/controller/src/runtime/report-acceptor';
import { Snapshots } from '../../apps/controller/src/runtime/snapshots';
import { MemoryReadModel } from '../../libs/projections/src/runner/memory-read-model';
import { GROUP_MUTANTS } from './group-mutants';
import { LOG_MUTANTS } from './log-mutants';
import { method, type Mutant, replaced } from './mutant';

const all =
  (undo: readonly (() => void)[]): (() => void) =>
  () => {
    for (const one of undo) one();
  };

const isRelease = ({ kind, ...effect }: Effect): boolean =>
  kind === 'command' && (effect as CommandEffect).command.type.startsWith('Release');

export const MUTANTS: readonly Mutant[] = [
  {
    mistake: 'the checkpoint is saved before the events below it are dealt with',
    plant: () =>
      replaced(PositionTracker.prototype, 'begin', () =>
        method(function (position) {
          Object.assign(this, { reached: position });
        }),
      ),
  },
  {
    mistake: 'a claim that comes after its release is accepted: no tombstone',
    plant: () =>
      replaced(aggregates.host, 'decide', (original) => (command: Message, state: Host, context: unknown) => {
        const events = original(command, state, context) as readonly Message[];
        return events.filter(({ type }) => type !== 'host.claim-tombstoned.v1');
      }),
  },
  {
    mistake: 'a host goes on answering for a floating address that leads nowhere any more',
    plant: () =>
      replaced(aggregates.floatingip, 'evolve', (original) => (...args: unknown[]) => {
        const after = original(...args) as FloatingIp;
        return { ...after, hosts: after.hosts.filter(({ wants }) => wants !== 'dropped') };
      }),
  },
  {
    mistake: 'a host is added to an aggregate without a look at its other zone',
    plant: () =>
      replaced(
        aggregates.hostaggregates,
        'decide',
        (original) => (command: Message, state: object, context: unknown) => {
          const { type, data } = command as HostAggregateCommand;
          if (type !== 'AddAggregateHost') return original(command, state, context);
          const { number, host } = data;
          const { byNumber } = state as HostAggregates;
          const known = byNumber.get(String(number))?.hosts.some(({ hostId }) => hostId === host.hostId);
          return known === false ? [{ type: 'host-aggregate.host-added.v1', data: { number, host } }] : [];
        },
      ),
  },
  {
    mistake: 'the agent does not ask whether a job is older than what it has done since',
    plant: (): (() => void) => {
      const undo = [
        replaced(MemoryJournal.prototype, 'generation', () => () => Promise.resolve(undefined)),
        replaced(Supersession.prototype, 'newest', () => () => undefined),
      ];
      return all(undo);
    },
  },
  {
    mistake: 'the agent does not fix an outcome before it tells it',
    plant: () => replaced(MemoryJournal.prototype, 'settle', () => (outcome: unknown) => Promise.resolve(outcome)),
  },
  {
    mistake: 'what holds a domain is given back before the domain is gone',
    plant: () =>
      replaced(aggregates.instance, 'due', (original) => (state: { debts: readonly { kind: string }[] }) => {
        const withoutDomain = { ...state, debts: state.debts.filter(({ kind }) => kind !== 'domain') };
        const effects = original(state) as readonly Effect[];
        const early = (original(withoutDomain) as readonly Effect[]).filter(isRelease);
        return [...effects, ...early.filter(({ id }) => effects.every((other) => other.id !== id))];
      }),
  },
  {
    mistake: 'a state is shown that is older than the event that was handed over',
    plant: () =>
      replaced(Mailbox.prototype, 'current', (original) =>
        method(function () {
          const { folded } = this as { folded?: unknown };
          return folded === undefined ? original.call(this) : Promise.resolve(folded);
        }),
      ),
  },
  {
    mistake: 'commands that were carried out are not told from new ones',
    plant: () => replaced(Repeats.prototype, 'includes', () => () => Promise.resolve(false)),
  },
  {
    mistake: 'an outcome of an earlier boot is taken for what runs now',
    plant: () => replaced(ReportAcceptor.prototype, 'restartedSince', () => () => Promise.resolve(null)),
  },
  {
    mistake: 'a result is accepted whatever its effect is',
    plant: () =>
      replaced(aggregates.instance, 'due', (original) => (state: unknown) => {
        const effects = original(state) as readonly Effect[];
        return effects.map((effect) => (effect.kind === 'job' ? { ...effect, id: 'always-the-same' } : effect));
      }),
  },
  {
    mistake: 'a result is accepted twice',
    plant: (): (() => void) => {
      const undo = [
        replaced(CommandExecutor.prototype, 'carry', (original) =>
          method(async function (target, command, context) {
            const { api, commandId } = context as CommandContext;
            const executed = await original.call(this, target, command, context);
            if (api !== 'relay') return executed;
            return original.call(this, target, command, {
              ...(context as object),
              commandId: deriveId(commandId, 'again'),
            });
          }),
        ),
        replaced(aggregates.instance, 'decide', (original) => {
          const decided = new Map<string, readonly Message[]>();
          return (command: Message, state: unknown, context: unknown) => {
            const [events, key] = [original(command, state, context) as readonly Message[], JSON.stringify(command)];
            if (events.length > 0) decided.set(key, events);
            return command.type.startsWith('Record') ? (decided.get(key) ?? events) : events;
          };
        }),
      ];
      return all(undo);
    },
  },
  {
    mistake: 'a job has an id at random, another each time that it is sent',
    plant: () =>
      replaced(EffectRunner.prototype, 'run', (original) => {
        let sent = 0;
        return method(function (owner, effect, cause) {
          const { id, kind } = effect as Effect;
          if (kind !== 'job') return original.call(this, owner, effect, cause);
          sent += 1;
          return original.call(this, owner, { ...(effect as object), id: deriveId(id, 'random', sent) }, cause);
        });
      }),
  },
  {
    mistake: 'rows are written outside the transaction that moves their checkpoint',
    plant: () =>
      replaced(MemoryReadModel.prototype, 'advance', (original) => {
        let statements = 0;
        return method(async function (from, to, work) {
          await original.call(this, from, from, work);
          statements += 1;
          if (statements % 7 === 0) throw new Error('the connection breaks between the two statements');
          Object.assign(this, { position: to });
        });
      }),
  },
  {
    mistake: 'a job that is not answered is never put into the queue again',
    plant: () =>
      replaced(EffectRunner.prototype, 'run', (original) => {
        const sent = new Set<string>();
        return method(function (owner, effect, cause) {
          const { id, kind } = effect as Effect;
          if (kind === 'job' && sent.has(id)) return Promise.resolve('sent');
          sent.add(id);
          return original.call(this, owner, effect, cause);
        });
      }),
  },
  {
    mistake: 'of a request that was cut off, what was launched is kept',
    plant: () =>
      replaced(aggregates.quota, 'decide', (original) => (command: Message, state: unknown, context: unknown) => {
        const events = original(command, state, context) as readonly Message[];
        const kept = (event: Message): Message => ({ ...event, type: 'quota.confirmed.v2' });
        return events.map((event) => (event.type === 'quota.undo-requested.v2' ? kept(event) : event));
      }),
  },
  {
    mistake: 'a snapshot claims to reach further than it does',
    plant: () =>
      replaced(Snapshots.prototype, 'load', (original) =>
        method(async function (stream, aggregate) {
          const folded = (await original.call(this, stream, aggregate)) as { revision: bigint | 'no-stream' };
          return folded.revision === 'no-stream' ? folded : { ...folded, revision: folded.revision + 1n };
        }),
      ),
  },
  {
    mistake: 'a network that a project has got is given to another one that needs its first',
    plant: () =>
      replaced(
        aggregates.network,
        'decide',
        (original) => (command: Message, state: unknown, context: unknown) =>
          command.type === 'AssociateNetwork'
            ? [{ type: 'network.project-set.v1', data: command.data }]
            : original(command, state, context),
      ),
  },
  ...GROUP_MUTANTS,
  ...LOG_MUTANTS,
];
