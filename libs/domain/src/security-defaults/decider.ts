import { type Aggregate, plainSnapshot } from '../kernel/aggregate';
import type { EventCatalogue } from '../kernel/catalogue';
import { DomainError, unreachable } from '../kernel/errors';
import { sameRule, type SecurityRule } from '../security-groups/rule';

/** The rules that the default group of a project begins with, beside those that let everything out (nova's default rules). */
export interface SecurityDefaults {
  readonly rules: readonly SecurityRule[];
}

export type SecurityDefaultsCommand =
  | { readonly type: 'AddDefaultRule'; readonly data: { readonly rule: SecurityRule } }
  | { readonly type: 'RemoveDefaultRule'; readonly data: { readonly ruleId: string } };

export type SecurityDefaultsEvent =
  | { readonly type: 'security-default.rule-added.v1'; readonly data: { readonly rule: SecurityRule } }
  | { readonly type: 'security-default.rule-removed.v1'; readonly data: { readonly ruleId: string } };

export const securityDefaultsEvents: EventCatalogue<SecurityDefaultsEvent> = {
  'security-default.rule-added.v1': {
    meaning: 'Default groups that are made from now on begin with this rule, too.',
    shown: false,
  },
  'security-default.rule-removed.v1': {
    meaning: 'Default groups that are made from now on do not begin with this rule any more.',
    shown: false,
  },
};

export const defaultRuleNotFound = (id: string): DomainError =>
  new DomainError('not-found', 'security-default.not-found', `Security group default rule (${id}) not found.`);

function decide(command: SecurityDefaultsCommand, { rules }: SecurityDefaults): readonly SecurityDefaultsEvent[] {
  switch (command.type) {
    case 'AddDefaultRule':
      if (rules.some((one) => sameRule(one, command.data.rule)))
        throw new DomainError('conflict', 'security-default.exists', 'This default rule already exists.');
      return [{ type: 'security-default.rule-added.v1', data: command.data }];
    case 'RemoveDefaultRule': {
      const { ruleId } = command.data;
      if (rules.every((one) => one.ruleId !== ruleId)) throw defaultRuleNotFound(ruleId);
      return [{ type: 'security-default.rule-removed.v1', data: command.data }];
    }
    default:
      return unreachable(command);
  }
}

function evolve({ rules }: SecurityDefaults, event: SecurityDefaultsEvent): SecurityDefaults {
  switch (event.type) {
    case 'security-default.rule-added.v1':
      return { rules: [...rules, event.data.rule] };
    case 'security-default.rule-removed.v1':
      return { rules: rules.filter(({ ruleId }) => ruleId !== event.data.ruleId) };
    default:
      return unreachable(event);
  }
}

/** One stream, `securitydefaults-cloud`. */
export const securitydefaults: Aggregate<SecurityDefaults, SecurityDefaultsCommand, SecurityDefaultsEvent> = {
  initial: { rules: [] },
  decide,
  evolve,
  category: 'securitydefaults',
  events: securityDefaultsEvents,
  schemaVersion: 1,
  snapshot: plainSnapshot(),
};

/** The id of the only stream. */
export const SECURITY_DEFAULTS_ID = 'cloud';
