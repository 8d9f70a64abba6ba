import {
  aggregateOf,
  type FloatingIp,
  fold,
  type Host,
  type Instance,
  type Message,
  nicsOf,
  streamName,
  streamRef,
  type StreamRef,
  upcast,
} from '@cairn/domain';
import type { EventStore } from '@cairn/event-store';

import { contextOf } from '../../runtime/event-metadata';
import { collect, wholeLog } from '../log-scan';

/** A port that the log says is on a host. */
export interface LoggedPort {
  readonly instanceId: string;
  readonly server: string;
  readonly address: string;
}

/** A floating IP that the log says a host answers for. */
export interface LoggedAddress {
  readonly address: string;
  readonly instanceId: string;
}

export interface LoggedHost {
  readonly hostId: string;
  readonly name: string;
  readonly ports: readonly LoggedPort[];
  readonly floating: readonly LoggedAddress[];
  /** Servers whose ports come or go at this moment: nothing can be said of them. */
  readonly moving: ReadonlySet<string>;
}

/** What the log says of the networks of each host that is enrolled. */
export async function loggedHosts(store: EventStore): Promise<readonly LoggedHost[]> {
  const [hostIds, addressIds] = [new Set<string>(), new Set<string>()];
  for await (const { type, data } of wholeLog(store)) {
    if (type === 'host.enrolled.v1') hostIds.add(String(data['hostId']));
    if (type === 'floating-ip.allocated.v1') addressIds.add(String(data['floatingIpId']));
  }
  const floating = await Promise.all(
    [...addressIds].map((id) => folded<FloatingIp>(store, streamRef('floatingip', id))),
  );
  const hosts = await Promise.all([...hostIds].map((id) => folded<Host>(store, streamRef('host', id))));
  return Promise.all(hosts.filter(({ enrolled }) => enrolled).map((host) => logged(store, host, floating)));
}

async function logged(store: EventStore, host: Host, floating: readonly FloatingIp[]): Promise<LoggedHost> {
  const { hostId, name } = host;
  const owners = new Map([...host.claims.values()].map(({ owner }) => [streamName(owner), owner]));
  const servers = await Promise.all(
    [...owners.values()].filter(({ category }) => category === 'instance').map((ref) => folded<Instance>(store, ref)),
  );
  const here = servers.filter((server) => server.request !== undefined && server.host?.hostId === hostId);
  const moving = servers.filter((server) => !here.includes(server) || server.operation !== undefined);
  return {
    hostId,
    name,
    ports: here.flatMap((server) => portsOf(server)),
    floating: floating.flatMap(({ record, association, hosts }) => {
      const carries = hosts.some((work) => work.hostId === hostId && work.wants === 'carried' && work.done);
      if (record === undefined || association === undefined || !carries) return [];
      return [{ address: record.address, instanceId: association.holder.id }];
    }),
    moving: new Set(moving.map(({ request }) => request?.instanceId ?? '')),
  };
}

const portsOf = (server: Instance): readonly LoggedPort[] =>
  nicsOf(server).map(({ address }) => ({
    instanceId: server.request?.instanceId ?? '',
    server: server.request?.name ?? '',
    address,
  }));

async function folded<S>(store: Pick<EventStore, 'read'>, ref: StreamRef): Promise<S> {
  const aggregate = aggregateOf(ref.category);
  if (aggregate === undefined) throw new Error(`${ref.category} is no category of streams`);
  const events = await collect(store.read(streamName(ref)));
  return fold(
    aggregate,
    events.map((event) => [upcast(event as Message), contextOf(event)] as const),
  ) as S;
}
