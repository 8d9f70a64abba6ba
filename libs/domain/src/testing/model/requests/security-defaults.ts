import fc from 'fast-check';
import { SECURITY_DEFAULTS_ID } from '../../../security-defaults';
import { asked } from '../asked';
import { securityRuleOf } from '../records';

const n = fc.integer({ min: 1, max: 3 });

export const securitydefaults = asked({
  category: 'securitydefaults',
  streams: [SECURITY_DEFAULTS_ID],
  requests: () => ({
    AddDefaultRule: n.map((number) => ({
      rule: securityRuleOf({ ruleId: `rule${String(number)}`, number, from: number }),
    })),
    RemoveDefaultRule: n.map((number) => ({ ruleId: `rule${String(number)}` })),
  }),
});
