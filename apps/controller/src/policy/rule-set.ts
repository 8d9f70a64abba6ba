import { type Check, holds, type Question } from './check';
import { parseRule, PolicySyntaxError } from './parse';

/** The rule for names without a rule (oslo.policy: policy_default_rule). */
const DEFAULT = 'default';

/** Rules by name, each in the policy language or as lists. */
export type Rules = Readonly<Record<string, unknown>>;

/** All rules in force: the built-in ones, and a file's instead of some of them. Immutable. */
export class RuleSet {
  private constructor(private readonly checks: ReadonlyMap<string, Check>) {}

  /**
   * @param overrides rules that replace built-in ones of the same name.
   * @throws PolicySyntaxError for a rule that has a fault, refers to a missing rule, or refers to itself.
   */
  static of(builtIn: Rules, overrides: Rules = {}): RuleSet {
    const checks = new Map<string, Check>();
    for (const [name, rule] of [...Object.entries(builtIn), ...Object.entries(overrides)]) {
      checks.set(
        name,
        named(name, () => parseRule(rule)),
      );
    }
    const set = new RuleSet(checks);
    for (const name of checks.keys()) {
      named(name, () => {
        set.requireSound(name);
      });
    }
    return set;
  }

  has(name: string): boolean {
    return this.checks.has(name);
  }

  get names(): readonly string[] {
    return [...this.checks.keys()];
  }

  /** Whether the rule allows it. `default` decides for a name without a rule; without `default`, nobody is allowed. */
  allows(name: string, question: Question): boolean {
    const check = this.find(name);
    return check !== undefined && holds(check, question, (other) => this.find(other));
  }

  private find(name: string): Check | undefined {
    return this.checks.get(name) ?? this.checks.get(DEFAULT);
  }

  private requireSound(name: string, path: readonly string[] = []): void {
    if (path.includes(name)) throw new PolicySyntaxError(`refers to itself: ${[...path, name].join(' -> ')}`);
    const check = this.checks.get(name);
    if (check === undefined) throw new PolicySyntaxError(`refers to ${name}, which does not exist`);
    for (const other of references(check)) this.requireSound(other, [...path, name]);
  }
}

/** Adds the rule's name to the error. */
function named<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw new PolicySyntaxError(`rule ${name}: ${error.message}`);
    throw error;
  }
}

/** The rules that a check refers to directly. */
function references(check: Check): readonly string[] {
  switch (check.kind) {
    case 'rule':
      return [check.name];
    case 'not':
      return references(check.check);
    case 'all':
    case 'any':
      return check.checks.flatMap(references);
    default:
      return [];
  }
}
