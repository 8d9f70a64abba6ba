import type { Check, Template } from './check';

/** A rule that does not follow the policy language. `message` explains the fault to the file's author. */
export class PolicySyntaxError extends Error {}

const ALWAYS: Check = { kind: 'always' };

/**
 * Reads a rule as a policy file has it: text in the policy language, or a list of lists (Havana: the outer list is any
 * of, the inner ones all of). An empty rule allows everyone.
 * @throws PolicySyntaxError
 */
export function parseRule(rule: unknown): Check {
  if (typeof rule === 'string') return new Parser(rule).rule();
  if (!Array.isArray(rule)) throw new PolicySyntaxError('a rule is text or a list of lists');
  if (rule.length === 0) return ALWAYS;
  return any(rule.map((inner: unknown) => all((Array.isArray(inner) ? inner : [inner]).map(itemOf))));
}

function itemOf(item: unknown): Check {
  if (typeof item !== 'string') throw new PolicySyntaxError('a list holds more than checks');
  return checkOf(item);
}

const all = (checks: readonly Check[]): Check =>
  checks.length === 1 ? (checks[0] ?? ALWAYS) : { kind: 'all', checks };
const any = (checks: readonly Check[]): Check =>
  checks.length === 1 ? (checks[0] ?? ALWAYS) : { kind: 'any', checks };

/** One check: `@`, `!`, `rule:…`, `role:…`, or `attribute:value`. */
function checkOf(text: string): Check {
  if (text === '@') return ALWAYS;
  if (text === '!') return { kind: 'never' };
  const at = text.indexOf(':');
  if (at <= 0) throw new PolicySyntaxError(`'${text}' is not a check`);
  const [left, right] = [text.slice(0, at), text.slice(at + 1)];
  if (left === 'rule') return { kind: 'rule', name: right };
  if (left === 'role') return { kind: 'role', name: templateOf(right) };
  if (left === 'http' || left === 'https') throw new PolicySyntaxError(`'${text}': remote checks are not allowed`);
  return { kind: 'match', left: literalOf(left) ?? left.split('.'), right: templateOf(right) };
}

/** `%(name)s` stands for the target's attribute of that name. */
const templateOf = (text: string): Template => text.split(/%\(([^)]*)\)s/);

/** `'member'`, `True`, `None` and numbers on the left side are literals. */
function literalOf(left: string): string | undefined {
  const quoted = /^(['"])(.*)\1$/.exec(left);
  if (quoted !== null) return quoted[2] ?? '';
  return /^(True|False|None|-?\d+)$/.test(left) ? left : undefined;
}

/** `or` binds least, then `and`, then `not`; a group stands in parentheses. */
class Parser {
  private readonly tokens: readonly string[];
  private next = 0;

  constructor(text: string) {
    this.tokens = tokensOf(text);
  }

  rule(): Check {
    if (this.tokens.length === 0) return ALWAYS;
    const check = this.alternatives();
    const rest = this.tokens[this.next];
    if (rest !== undefined) throw new PolicySyntaxError(`'${rest}' is not expected here`);
    return check;
  }

  private alternatives(): Check {
    const checks = [this.conditions()];
    while (this.takes('or')) checks.push(this.conditions());
    return any(checks);
  }

  private conditions(): Check {
    const checks = [this.condition()];
    while (this.takes('and')) checks.push(this.condition());
    return all(checks);
  }

  private condition(): Check {
    if (this.takes('not')) return { kind: 'not', check: this.condition() };
    if (this.takes('(')) {
      const check = this.alternatives();
      if (!this.takes(')')) throw new PolicySyntaxError('a closing parenthesis is missing');
      return check;
    }
    const token = this.tokens[this.next];
    if (token === undefined) throw new PolicySyntaxError('the rule ends where a check is expected');
    this.next += 1;
    return checkOf(token);
  }

  private takes(word: string): boolean {
    if (this.tokens[this.next]?.toLowerCase() !== word) return false;
    this.next += 1;
    return true;
  }
}

/** Words, and the parentheses around them; those of `%(name)s` belong to their word. */
function tokensOf(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((word) => {
      const opening = /^\(*/.exec(word)?.[0].length ?? 0;
      const bare = word.slice(opening);
      const closing = /\)*$/.exec(bare)?.[0].length ?? 0;
      const inner = bare.slice(0, bare.length - closing);
      return [...times('(', opening), ...(inner === '' ? [] : [inner]), ...times(')', closing)];
    });
}

const times = (token: string, count: number): readonly string[] => Array.from({ length: count }, () => token);
