import {
  type FloatingIp,
  floatingip,
  type Host,
  host,
  type Instance,
  instance,
  nicsOf,
  parseStream,
  streamName,
} from '@cairn/domain';
import type { EventStore } from '@cairn/event-store';

import { evolved, stateOf } from '../folded';
import { wholeLog } from '../log-scan';

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
export async function loggedHosts(store: Pick<EventStore, 'read' | 'subscribe'>): Promise<readonly LoggedHost[]> {
  const [hosts, addresses] = [new Map<string, Host>(), new Map<string, FloatingIp>()];
  for await (const event of wholeLog(store)) {
    const { stream } = event;
    const category = parseStream(stream)?.category;
    if (category === host.category) hosts.set(stream, evolved(host, event, hosts.get(stream)));
    if (category === floatingip.category) addresses.set(stream, evolved(floatingip, event, addresses.get(stream)));
  }
  const enrolled = [...hosts.values()].filter((one) => one.enrolled);
  return Promise.all(enrolled.map((one) => logged(store, one, [...addresses.values()])));
}

async function logged(
  store: Pick<EventStore, 'read'>,
  { hostId, name, claims }: Host,
  floating: readonly FloatingIp[],
): Promise<LoggedHost> {
  const owners = [...claims.values()].map(({ owner }) => owner).filter(({ category }) => category === 'instance');
  const streams = [...new Set(owners.map(streamName))];
  const servers = await Promise.all(streams.map((stream) => stateOf(store, instance, stream)));
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
