import fc from 'fast-check';
import { UNFILTERED } from '../../../security-groups';
import { asked, few, name, PROJECTS } from '../asked';
import { securityGroupOf, securityRuleOf } from '../records';

const GROUPS = ['sg1', 'sg2'] as const;
const groupOf = (projectId: string): fc.Arbitrary<string> =>
  fc.constantFrom(...GROUPS).map((id) => `${projectId}-${id}`);
const n = fc.integer({ min: 1, max: 3 });

export const securitygroups = asked({
  category: 'securitygroups',
  streams: PROJECTS,
  requests: (projectId) => ({
    EnsureDefaultGroup: fc.constant({ groupId: `${projectId}-default`, projectId, number: 1, rules: [] }),
    CreateSecurityGroup: fc
      .record({ groupId: groupOf(projectId), name: fc.oneof(name, fc.constantFrom('default', UNFILTERED)), limit: few })
      .map(({ limit, ...over }) => ({ ...securityGroupOf({ projectId, ...over }), limit })),
    UpdateSecurityGroup: fc.record({ groupId: groupOf(projectId), name }),
    DeleteSecurityGroup: fc.record({ groupId: groupOf(projectId) }),
    AddSecurityRule: fc
      .record({ groupId: groupOf(projectId), about: fc.option(groupOf(projectId)), n, limit: few })
      .map(({ groupId, about, n: number, limit }) => ({
        groupId,
        rule: securityRuleOf({
          ruleId: `${groupId}-rule${String(number)}`,
          number,
          from: number,
          ...(about === null ? {} : { remote: { groupId: about } }),
        }),
        limit,
      })),
    RemoveSecurityRule: fc
      .record({ groupId: groupOf(projectId), n })
      .map(({ groupId, n: number }) => ({ ruleId: `${groupId}-rule${String(number)}` })),
  }),
});
