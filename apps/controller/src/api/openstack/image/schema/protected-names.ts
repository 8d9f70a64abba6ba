import { HttpProblem } from '../../../http';

/** Names of properties that are not the client's to set (glance 25.1, RequestDeserializer and ImageFactory). */

const READ_ONLY = new Set([
  'created_at',
  'updated_at',
  'status',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'size',
  'virtual_size',
  'direct_url',
  'self',
  'file',
  'schema',
  'stores',
]);

const RESERVED = new Set(['location', 'deleted', 'deleted_at']);
const RESERVED_NAMESPACE = 'os_glance_';

/** @throws HttpProblem 403 for a name that only Glance may set. */
export function requireSettable(name: string): void {
  if (READ_ONLY.has(name)) throw new HttpProblem(403, `Attribute '${name}' is read-only.`);
  if (RESERVED.has(name) || name.startsWith(RESERVED_NAMESPACE)) {
    throw new HttpProblem(403, `Attribute '${name}' is reserved.`);
  }
}
