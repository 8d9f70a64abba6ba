import { createHash } from 'node:crypto';
import type { AnyProjection } from '../projection';
import type { EntityOf } from './row-store';

/** Read models that are kept and built together. */
export interface Group {
  /** `servers`. */
  readonly name: string;
  /** `0123456789ab_servers`: says what the rows mean. Any change of a projection's name or version is another generation. */
  readonly generation: string;
  readonly projections: readonly AnyProjection[];
  readonly entities: readonly EntityOf[];
}

/** What generations are named, those of 0.1.0 among them: it kept all read models in one, which names no group. */
export const GENERATION = '[0-9a-f]{12}(?:_[a-z]{1,8})?';

export function groupsOf(projections: readonly AnyProjection[]): readonly Group[] {
  const names = [...new Set(projections.map(({ group }) => group))].sort();
  return names.map((name) => {
    if (!/^[a-z]{1,8}$/.test(name)) throw new Error(`no name for a group of read models: ${name}`);
    const own = projections.filter(({ group }) => group === name);
    return { name, generation: generationOf(name, own), projections: own, entities: own.map(({ entity }) => entity) };
  });
}

/** Whether a generation can hold the rows of a group: one of its own, or one that holds all groups. */
export const holds = (generation: string, { name }: Group): boolean =>
  !generation.includes('_') || generation.endsWith(`_${name}`);

function generationOf(group: string, projections: readonly AnyProjection[]): string {
  const parts = projections.map(({ name, version }) => `${name}@${String(version)}`).sort();
  return `${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12)}_${group}`;
}
