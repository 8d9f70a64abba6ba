import { HttpProblem } from '../../../http';
import { requireSettable } from '../schema/protected-names';
import { requireProperty } from '../schema/validate';
import { propertyAt } from './pointer';

/** One step of a PATCH. */
export type Change =
  | { readonly op: 'add' | 'replace'; readonly name: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly name: string };

/** Draft 10 says `{op, path, value}`, draft 4 says `{<op>: path, value}` and refuses to add what is there. */
export type Draft = 4 | 10;

/** The content types of a PATCH. */
export const PATCH_TYPES: Readonly<Record<string, Draft>> = {
  'application/openstack-images-v2.0-json-patch': 4,
  'application/openstack-images-v2.1-json-patch': 10,
};

type Op = Change['op'];
const OPS: readonly Op[] = ['add', 'remove', 'replace'];

/** Several times what an image may have: each step copies the image, and a body has room for tens of thousands. */
const MOST_CHANGES = 1_024;

const bad = (message: string): HttpProblem => new HttpProblem(400, message);

/**
 * The steps that a body describes, each checked for itself against Glance's schema.
 * @throws HttpProblem 400 or 403 in Glance's words, 413 for more steps than one request may have.
 */
export function parseChanges(body: unknown, draft: Draft): readonly Change[] {
  if (body === undefined) throw bad('Body expected in request.');
  if (!Array.isArray(body)) throw bad('Request body must be a JSON array of operation objects.');
  if (body.length > MOST_CHANGES)
    throw new HttpProblem(413, `One request may make at most ${String(MOST_CHANGES)} changes.`);
  return body.map((raw: unknown) => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw bad('Operations must be JSON objects.');
    return parseChange(raw as Readonly<Record<string, unknown>>, draft);
  });
}

function parseChange(raw: Readonly<Record<string, unknown>>, draft: Draft): Change {
  const op = draft === 10 ? opOfDraft10(raw) : opOfDraft4(raw);
  if (draft === 10 && !Object.hasOwn(raw, 'path')) throw bad("Unable to find 'path' in JSON Schema change");
  const name = propertyAt(draft === 10 ? raw['path'] : raw[op]);
  const hasValue = Object.hasOwn(raw, 'value');
  if (op !== 'remove' && !hasValue) throw bad(`Operation "${op}" requires a member named "value".`);
  if (name === 'id') throw new HttpProblem(403, "Attribute 'id' is read-only.");
  requireSettable(name);
  if (name === 'locations') throw new HttpProblem(403, INVISIBLE[op]);
  if (op === 'remove') return { op, name };
  requireProperty(name, raw['value']);
  return { op, name, value: raw['value'] };
}

const INVISIBLE: Readonly<Record<Op, string>> = {
  add: "It's not allowed to add locations if locations are invisible.",
  remove: "It's not allowed to remove locations if locations are invisible.",
  replace: "It's not allowed to replace locations if locations are invisible.",
};

function opOfDraft10({ op }: Readonly<Record<string, unknown>>): Op {
  const known = OPS.find((each) => each === op);
  if (known !== undefined) return known;
  const must = `It must be one of the following: ${OPS.join(', ')}.`;
  throw bad(
    op === undefined || op === null
      ? `Unable to find \`op\` in JSON Schema change. ${must}`
      : `Invalid operation: \`${typeof op === 'string' ? op : JSON.stringify(op)}\`. ${must}`,
  );
}

function opOfDraft4(raw: Readonly<Record<string, unknown>>): Op {
  const [op, another] = OPS.filter((each) => Object.hasOwn(raw, each));
  if (op === undefined || another !== undefined) {
    const count = op === undefined ? 'exactly' : 'only';
    throw bad(`Operation objects must contain ${count} one member named "add", "remove", or "replace".`);
  }
  return op;
}
