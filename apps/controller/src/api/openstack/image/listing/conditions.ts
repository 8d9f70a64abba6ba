import type { Visibility } from '@cairn/domain';

import type { Caller } from '../../../../application/core';
import { HttpProblem } from '../../../http';
import { HIDDEN } from '../../../../application/image/image-view';

/** A part of a WHERE clause over `image`, with its parameters. Only plain SQL that SQLite and PostgreSQL share. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Gives parameters names that do not meet. */
export class ParameterNames {
  private count = 0;

  next(): string {
    this.count += 1;
    return `p${String(this.count)}`;
  }
}

const NEVER: Condition = { sql: '1 = 0', parameters: {} };

/** `column = value`, or any other comparison. */
export function compared(names: ParameterNames, expression: string, operator: string, value: unknown): Condition {
  const name = names.next();
  return { sql: `${expression} ${operator} :${name}`, parameters: { [name]: value } };
}

/** The same with a number that may be larger than the column can hold, which PostgreSQL would refuse. */
export function counted(names: ParameterNames, expression: string, operator: string, value: number): Condition {
  const name = names.next();
  return { sql: `${expression} ${operator} CAST(:${name} AS bigint)`, parameters: { [name]: value } };
}

export const all = (conditions: readonly Condition[]): Condition => joined(conditions, 'AND', '1 = 1');

export const any = (conditions: readonly Condition[]): Condition => joined(conditions, 'OR', NEVER.sql);

const joined = (conditions: readonly Condition[], word: string, empty: string): Condition => ({
  sql: conditions.length === 0 ? empty : `(${conditions.map(({ sql }) => sql).join(` ${word} `)})`,
  parameters: Object.assign({}, ...conditions.map(({ parameters }) => parameters)) as Record<string, unknown>,
});

/**
 * True where a JSON text holds a piece, which is to begin with the bracket or comma before it, so that it cannot be part
 * of a text. REPLACE compares case and has no wildcards, unlike LIKE, and is the same in both databases.
 */
const holds = (names: ParameterNames, column: string, pieces: readonly string[]): Condition =>
  any(
    pieces.map((piece) => {
      const name = names.next();
      return { sql: `REPLACE(${column}, :${name}, '') <> ${column}`, parameters: { [name]: piece } };
    }),
  );

export const hasTag = (names: ParameterNames, tag: string): Condition =>
  holds(
    names,
    'image.tags',
    ['[', ','].map((before) => before + JSON.stringify(tag)),
  );

export const hasProperty = (names: ParameterNames, property: string, value: string): Condition =>
  holds(
    names,
    'image.properties',
    ['{', ','].map((before) => `${before}${JSON.stringify(property)}:${JSON.stringify(value)}`),
  );

export const isHiddenCondition = (names: ParameterNames, hidden: boolean): Condition => {
  const { sql, parameters } = hasProperty(names, HIDDEN, 'true');
  return { sql: hidden ? sql : `NOT ${sql}`, parameters };
};

/**
 * Which images a list shows: without a visibility the caller's own and the public ones, never others' community images
 * (glance 25.1). Administrators see all.
 * @throws HttpProblem 400 for a visibility that does not exist.
 */
export function visibleTo(caller: Caller, visibility: string | undefined, names: ParameterNames): Condition {
  const { projectId } = caller.principal.actor;
  const own = projectId === null ? NEVER : compared(names, 'image.projectId', '=', projectId);
  const is = (which: Visibility): Condition => compared(names, 'image.visibility', '=', which);
  switch (visibility) {
    case undefined:
      return caller.rights.isAdmin ? all([]) : any([own, is('public')]);
    case 'all':
      return caller.rights.isAdmin ? all([]) : any([own, is('public'), is('community')]);
    case 'public':
    case 'community':
      return is(visibility);
    case 'private':
    case 'shared':
      return caller.rights.isAdmin ? is(visibility) : all([own, is(visibility)]);
    default:
      throw new HttpProblem(400, `Invalid visibility value: ${visibility}`);
  }
}
