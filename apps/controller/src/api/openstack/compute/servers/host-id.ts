import { createHash } from 'node:crypto';

const known = new Map<string, string>();
const MOST = 10_000;

/** Names a host to a tenant without telling which it is: the same host is another one to another project. */
export function hostIdOf(hostName: string | null, projectId: string): string {
  if (hostName === null) return '';
  const key = projectId + hostName;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST) known.clear();
  const hostId = createHash('sha224').update(key).digest('hex');
  known.set(key, hostId);
  return hostId;
}
