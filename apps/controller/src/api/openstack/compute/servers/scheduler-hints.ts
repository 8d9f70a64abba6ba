import { isIP } from 'node:net';
import type { SchedulerHints } from '@cairn/domain';
import type { LaunchSpec } from '../../../../application/server/server-launch.command';
import { parseQuery } from '../../../../scheduler/json-query';
import { shown } from '../../../http';
import { invalidField } from '../shared/additional';
import { isUuid } from '../shared/validators';
import type { CreateServerBody } from './create-server.dto';

/** The hints of a body, which clients write beside the server or into it. */
const hintsOf = ({ server, ...body }: CreateServerBody): Readonly<Record<string, unknown>> => ({
  ...server['os:scheduler_hints'],
  ...server['OS-SCH-HNT:scheduler_hints'],
  ...body['os:scheduler_hints'],
  ...body['OS-SCH-HNT:scheduler_hints'],
});

const refused = (hint: string, value: unknown, why: string): Error =>
  invalidField(hint, value, `${shown(value)} ${why}`);

function uuidOf(hint: string, value: unknown): string {
  if (!isUuid(value)) throw refused(hint, value, "is not a 'uuid'");
  return value.toLowerCase();
}

/** One id or a list of them. nova bounds neither; a launch names at most as many as a request may make. */
const MOST_SERVERS = 100;

function serversOf(hint: string, value: unknown): readonly string[] {
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (ids.length > MOST_SERVERS) throw refused(hint, value, 'is too long');
  return ids.map((id) => uuidOf(hint, id));
}

/** nova looks up to /24 around the address where no `cidr` is given. */
function networkOf(address: unknown, cidr: unknown): string {
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(String(address))] ?? -1;
  if (typeof address !== 'string' || bits < 0) throw refused('build_near_host_ip', address, 'is not an IP address');
  const prefix = cidr ?? '/24';
  if (typeof prefix !== 'string' || !/^\/\d{1,3}$/.test(prefix) || Number(prefix.slice(1)) > bits)
    throw refused('cidr', cidr, 'does not match the length of a prefix, such as /24');
  return address + prefix;
}

function queryOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (parseQuery(text) === undefined) throw refused('query', value, 'is not a query of the JsonFilter');
  return text;
}

/**
 * The server group that is hinted at, and where else the server is to be. Other hints are for filters that a cloud may
 * have of its own: nova's schema lets every name pass, and its own filters read none but these.
 * @throws HttpProblem 400 for a hint that says nothing that could be followed.
 */
export function schedulerHints(body: CreateServerBody): Pick<LaunchSpec, 'serverGroupId' | 'hints'> {
  const given = hintsOf(body);
  const { group, same_host: same, different_host: different, build_near_host_ip: near, cidr, query } = given;
  const hints: SchedulerHints = {
    ...(same === undefined ? {} : { sameHost: serversOf('same_host', same) }),
    ...(different === undefined ? {} : { differentHost: serversOf('different_host', different) }),
    ...(near === undefined ? {} : { nearHost: networkOf(near, cidr) }),
    ...(query === undefined ? {} : { query: queryOf(query) }),
  };
  return {
    ...(group === undefined ? {} : { serverGroupId: uuidOf('group', group) }),
    ...(Object.keys(hints).length === 0 ? {} : { hints }),
  };
}
