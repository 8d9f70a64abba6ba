import { createHash } from 'node:crypto';
import type { AnyProjection } from '../projection';

/** Names what the rows of these projections mean: any change of a name or version is another generation. */
export function generationOf(projections: readonly AnyProjection[]): string {
  const parts = projections.map(({ name, version }) => `${name}@${String(version)}`).sort();
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}
