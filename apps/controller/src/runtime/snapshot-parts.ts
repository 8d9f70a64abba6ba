import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';

/** The most bytes of JSON that stand in the snapshot's event itself. */
const WHOLE_BYTES = 256 * 1024;
/** Bytes of a part, in base64: an append may have 1 MiB by default, metadata and JSON around it included. */
const PART_BYTES = 512 * 1024;

const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);

/**
 * A state as text, in as many parts as it needs: what lives in a stream (a project's servers, a network's addresses) may
 * be more than one append takes. One part is the JSON itself; several hold it compressed.
 */
export async function partsOf(state: unknown): Promise<readonly string[]> {
  const json = JSON.stringify(state);
  if (Buffer.byteLength(json) <= WHOLE_BYTES) return [json];
  const packed = (await deflated(json, { level: constants.Z_BEST_SPEED })).toString('base64');
  const count = Math.max(2, Math.ceil(packed.length / PART_BYTES));
  const each = Math.ceil(packed.length / count);
  return Array.from({ length: count }, (_, i) => packed.slice(i * each, (i + 1) * each));
}

/** The inverse of `partsOf`. @throws if a part is missing or damaged. */
export async function stateOf(parts: readonly string[]): Promise<unknown> {
  if (parts.length === 1) return JSON.parse(parts[0] ?? '');
  return JSON.parse((await inflated(Buffer.from(parts.join(''), 'base64'))).toString('utf8'));
}
