import {
  aggregates,
  type Effect,
  type HostRule,
  type HostSecurity,
  type JobEffect,
  type Message,
  type SecurityGroups,
} from '@cairn/domain';

import { SimulatedNetwork } from '../../apps/agent/src/drivers/simulated/simulated-network';

import { method, type Mutant, replaced } from './mutant';

const isShare = (effect: Effect): effect is JobEffect => effect.kind === 'job' && effect.job.kind === 'apply-security';

/** Mistakes of security groups: somebody reaches a guest who must not, or the other way round. */
export const GROUP_MUTANTS: readonly Mutant[] = [
  {
    mistake: 'a host says of some changes of security groups that it has taken them over, and has not',
    plant: () =>
      replaced(SimulatedNetwork.prototype, 'applySecurity', (original) => {
        let asked = 0;
        return method(function (projectId, security) {
          asked += 1;
          return asked % 4 === 0 ? Promise.resolve() : original.call(this, projectId, security);
        });
      }),
  },
  {
    mistake: 'the addresses of a server stay in its groups when the server has gone',
    plant: () =>
      replaced(
        aggregates.securitygroups,
        'evolve',
        (original) => (state: SecurityGroups, event: Message, context: unknown) => {
          const after = original(state, event, context) as SecurityGroups;
          return event.type === 'security-group.member-left.v1' ? { ...after, members: state.members } : after;
        },
      ),
  },
  {
    mistake: 'a rule about the members of a group lets in everybody',
    plant: () =>
      replaced(aggregates.securitygroups, 'due', (original) => (state: unknown) => {
        const open = (rule: HostRule): HostRule =>
          rule.remote !== null && 'groupId' in rule.remote ? { ...rule, remote: null } : rule;
        return (original(state) as readonly Effect[]).map((effect) => {
          if (!isShare(effect)) return effect;
          const { groups, ...rest } = effect.job.payload as HostSecurity;
          const opened = groups.map(({ groupId, rules }) => ({ groupId, rules: rules.map(open) }));
          return { ...effect, job: { ...effect.job, payload: { ...rest, groups: opened } } };
        });
      }),
  },
];
