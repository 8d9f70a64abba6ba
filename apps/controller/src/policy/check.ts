/** What a rule says, parsed from OpenStack's policy language (oslo.policy's documentation). */
export type Check =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'all'; readonly checks: readonly Check[] }
  | { readonly kind: 'any'; readonly checks: readonly Check[] }
  | { readonly kind: 'not'; readonly check: Check }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'role'; readonly name: Template }
  /**
   * `left:right`: compares a literal, or the attribute of the caller at a path, with the text that `right` makes of the
   * target.
   */
  | { readonly kind: 'match'; readonly left: string | readonly string[]; readonly right: Template };

/** Text with places for the target's attributes: a text, then by turns the name of an attribute and a text. */
export type Template = readonly string[];

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

function matches(left: string | readonly string[], right: Template, { credentials, target }: Question): boolean {
  const wanted = filledIn(right, target);
  if (wanted === undefined) return false;
  if (typeof left === 'string') return left === wanted;
  return valuesAt(credentials, left).some((value) => isThere(value) && pythonText(value) === wanted);
}

/** A caller without a project does not own resources without a project, although in Python `None` equals `None`. */
const isThere = (value: unknown): boolean => value !== null && value !== undefined;

/** The template's text with the target's attributes; undefined when the target lacks one of them. */
function filledIn(template: Template, target: Attributes): string | undefined {
  let filled = template[0] ?? '';
  for (let at = 1; at < template.length; at += 2) {
    const value = attribute(target, template[at] ?? '');
    if (value === undefined) return undefined;
    filled += pythonText(value) + (template[at + 1] ?? '');
  }
  return filled;
}

/** A target's attribute is looked up by its whole name first: OpenStack's targets have flat names with dots. */
function attribute(target: Attributes, name: string): unknown {
  if (Object.hasOwn(target, name)) return own(target, name);
  const values = valuesAt(target, name.split('.'));
  return values.length === 1 ? values[0] : undefined;
}

/** The values at a path, from one of its names on; a list on the path contributes each of its items. */
function valuesAt(value: unknown, path: readonly string[], from = 0): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path, from));
  const name = path[from];
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return [];
  return valuesAt(own(value as Attributes, name), path, from + 1);
}

/** Spells values that are not text as Python does, for which policy files were written. */
function pythonText(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
import { own } from '@cairn/domain';
