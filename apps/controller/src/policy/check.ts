/** What a rule says, parsed from OpenStack's policy language (oslo.policy's documentation). */
export type Check =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'all'; readonly checks: readonly Check[] }
  | { readonly kind: 'any'; readonly checks: readonly Check[] }
  | { readonly kind: 'not'; readonly check: Check }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'role'; readonly name: string }
  /**
   * `left:right`: compares an attribute of the caller, or a literal, with the text that `right` makes of the target.
   */
  | { readonly kind: 'match'; readonly left: string; readonly right: string };

/** Attributes by name, nested where the names have dots: of the caller, or of the resource. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The caller and the resource that a rule judges. */
export interface Question {
  readonly credentials: Attributes;
  readonly roles: readonly string[];
  readonly target: Attributes;
}

/**
 * Whether a check allows what is asked.
 * @param rule finds the check of a rule's name; undefined for an unknown name, which allows nothing.
 */
export function holds(check: Check, question: Question, rule: (name: string) => Check | undefined): boolean {
  switch (check.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'all':
      return check.checks.every((each) => holds(each, question, rule));
    case 'any':
      return check.checks.some((each) => holds(each, question, rule));
    case 'not':
      return !holds(check.check, question, rule);
    case 'rule': {
      const named = rule(check.name);
      return named !== undefined && holds(named, question, rule);
    }
    case 'role': {
      const wanted = filledIn(check.name, question.target)?.toLowerCase();
      return wanted !== undefined && question.roles.some((role) => role.toLowerCase() === wanted);
    }
    case 'match':
      return matches(check.left, check.right, question);
  }
}

function matches(left: string, right: string, { credentials, target }: Question): boolean {
  const wanted = filledIn(right, target);
  if (wanted === undefined) return false;
  const literal = literalOf(left);
  if (literal !== undefined) return literal === wanted;
  return valuesAt(credentials, left.split('.')).some((value) => isThere(value) && pythonText(value) === wanted);
}

/** A caller without a project does not own resources without a project, although in Python `None` equals `None`. */
const isThere = (value: unknown): boolean => value !== null && value !== undefined;

/** `%(name)s` replaced by the target's attribute of that name; undefined when the target has none. */
function filledIn(template: string, target: Attributes): string | undefined {
  if (!template.includes('%(')) return template;
  const names = [...template.matchAll(PLACE)].map(([, name = '']) => name);
  if (names.some((name) => attribute(target, name) === undefined)) return undefined;
  return template.replaceAll(PLACE, (_, name: string) => pythonText(attribute(target, name)));
}

const PLACE = /%\(([^)]*)\)s/g;

/** A target's attribute is looked up by its whole name first: OpenStack's targets have flat names with dots. */
function attribute(target: Attributes, name: string): unknown {
  if (Object.hasOwn(target, name)) return own(target, name);
  const values = valuesAt(target, name.split('.'));
  return values.length === 1 ? values[0] : undefined;
}

/** The values at a path; a list on the path contributes each of its items. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return valuesAt(own(value as Attributes, name), rest);
}

/** `'member'`, `True`, `None` and numbers on the left side are literals. */
function literalOf(left: string): string | undefined {
  const quoted = /^(['"])(.*)\1$/.exec(left);
  if (quoted !== null) return quoted[2] ?? '';
  return /^(True|False|None|-?\d+)$/.test(left) ? left : undefined;
}

/** Spells values that are not text as Python does, for which policy files were written. */
function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
import { own } from '@cairn/domain';
