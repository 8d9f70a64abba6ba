/** The longest label that DNS allows (RFC 1123). */
const LONGEST = 63;

/**
 * A host name for a server, from its name: letters without marks, digits and hyphens, in lower case (nova's
 * `sanitize_hostname`). A name without any of these becomes `server-<id>`.
 */
export function hostNameOf(name: string, instanceId: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\s_]+/gu, '-')
    .replace(/[^A-Za-z0-9.-]/gu, '')
    .toLowerCase()
    .replace(/\./g, '-')
    .replace(/-{2,}/g, '-');
  const cut = plain.replace(/^-+/, '').slice(0, LONGEST).replace(/-+$/, '');
  return cut === '' ? `server-${instanceId}` : cut;
}
