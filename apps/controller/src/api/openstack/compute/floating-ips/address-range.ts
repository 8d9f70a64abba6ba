import { formatIpv4, parseCidr, parseIpv4 } from '@cairn/domain';
import { badRequest } from '../shared/additional';

/** From here on nova holds a range for a mistake. */
const TOO_MANY = 1_000_000;

const invalid = (reason: string): Error => badRequest(`Invalid input received: ${reason}`);

/**
 * The addresses of an address, or of a block without its first and last (nova 14.1, `_address_to_hosts`).
 * @throws HttpProblem 400 in nova's words.
 */
export function addressRange(text: string): { readonly first: string; readonly last: string } {
  if (parseIpv4(text) !== undefined) return { first: text, last: text };
  const cidr = parseCidr(withoutHostBits(text));
  if (cidr === undefined) throw invalid(`invalid IPNetwork ${text.slice(0, 255)}`);
  const { base, broadcast, prefix } = cidr;
  const size = broadcast - base + 1;
  if (size < 4) throw invalid(`/${String(prefix)} should be specified as single address(es) not in cidr format`);
  if (size >= TOO_MANY)
    throw invalid(
      `Too many IP addresses will be generated.  Please increase /${String(prefix)} to reduce the number generated.`,
    );
  return { first: formatIpv4(base + 1), last: formatIpv4(broadcast - 1) };
}

/** nova takes any address of a block for the block. */
function withoutHostBits(text: string): string {
  const [quad = '', length = ''] = text.split('/');
  const address = parseIpv4(quad);
  if (address === undefined || !/^\d{1,2}$/.test(length) || Number(length) > 32) return text;
  const size = 2 ** (32 - Number(length));
  return `${formatIpv4(address - (address % size))}/${length}`;
}
