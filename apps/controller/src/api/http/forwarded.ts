import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** The proxies in front of this cloud, by address or network (`192.0.2.1`, `2001:db8::/64`). */
export class TrustedProxies {
  private readonly list = new BlockList();
  private readonly isEmpty: boolean;

  constructor(entries: readonly string[]) {
    this.isEmpty = entries.length === 0;
    for (const entry of entries) {
      const [address = '', prefix] = entry.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.list.addAddress(address, family);
      else this.list.addSubnet(address, Number(prefix), family);
    }
  }

  has(address: string): boolean {
    if (this.isEmpty) return false;
    const plain = plainOf(address);
    const family = isIP(plain);
    return family !== 0 && this.list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** How a client reached the cloud, as far as it is known. */
export interface Origin {
  /** The client's address; that of the nearest one that is not a trusted proxy. */
  readonly client: string;
  readonly scheme: 'http' | 'https' | undefined;
  /** Host and port as the client named them. */
  readonly host: string | undefined;
}

interface Hop {
  readonly from: string | undefined;
  readonly scheme: string | undefined;
  readonly host: string | undefined;
}

/** A socket of both families shows IPv4 addresses as mapped ones. */
const plainOf = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** `"[2001:db8::1]:4711"`, `192.0.2.1:80` or an address alone. */
function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? (isIP(text) === 0 ? text.replace(/:\d+$/, '') : text);
  return isIP(bare) === 0 ? undefined : bare;
}

const listOf = (header: string | readonly string[] | undefined): readonly string[] =>
  header === undefined
    ? []
    : String(header)
        .split(',')
        .map((part) => part.trim());

/** RFC 7239: one element a proxy, the nearest last. Quoted values with a comma or semicolon in them name no address. */
const standardHops = (header: string): readonly Hop[] =>
  listOf(header).map((element) => {
    const pairs = new Map(
      element.split(';').map((pair): [string, string] => {
        const [name = '', value = ''] = pair.split('=', 2);
        return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
      }),
    );
    return { from: addressOf(pairs.get('for')), scheme: pairs.get('proto'), host: pairs.get('host') };
  });

/** What proxies have written since before the RFC: the lists grow at their ends; scheme and host are those of the nearest. */
function usualHops(headers: IncomingHttpHeaders): readonly Hop[] {
  const scheme = listOf(headers['x-forwarded-proto']).at(-1);
  const named = listOf(headers['x-forwarded-host']).at(-1);
  const port = listOf(headers['x-forwarded-port']).at(-1);
  const host = named === undefined || port === undefined || /:\d+$/.test(named) ? named : `${named}:${port}`;
  const from = listOf(headers['x-forwarded-for']);
  return (from.length === 0 ? [undefined] : from).map((text) => ({ from: addressOf(text), scheme, host }));
}

/**
 * Where a request comes from, by what the proxies between say. Only what a trusted proxy sends is believed; when a request
 * has both kinds of headers, somebody else wrote one of them, and neither is.
 * @param peer the address of the connection.
 */
export function originOf(peer: string, headers: IncomingHttpHeaders, proxies: TrustedProxies): Origin {
  const direct: Origin = { client: plainOf(peer), scheme: undefined, host: undefined };
  if (!proxies.has(peer)) return direct;
  const usual = Object.keys(headers).some((name) => name.startsWith('x-forwarded-'));
  const { forwarded } = headers;
  if (usual === (forwarded !== undefined)) return direct;
  const hops = forwarded === undefined ? usualHops(headers) : standardHops(forwarded);
  const nearest = hops.findLastIndex(({ from }) => from === undefined || !proxies.has(from));
  const hop = hops[Math.max(nearest, 0)];
  const scheme = hop?.scheme?.toLowerCase();
  return {
    client: hop?.from === undefined ? direct.client : plainOf(hop.from),
    scheme: scheme === 'https' || scheme === 'http' ? scheme : undefined,
    host: hop?.host,
  };
}
