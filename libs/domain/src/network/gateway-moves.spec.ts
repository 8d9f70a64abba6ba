import fc from 'fast-check';

import { instanceRef } from '../instance/quota';
import type { JobEffect } from '../kernel/effect';
import { HOST_A, HOST_B, networkSpec, uuid } from '../testing/examples';
import { after, NOW } from '../testing/given';
import type { NetworkPeers } from './jobs';
import { type Network, network, type NetworkCommand } from './index';

const HOSTS = [HOST_A, HOST_B];
const host = fc.constantFrom(...HOSTS);
const step = fc.oneof(
  fc.record({ does: fc.constantFrom('comes' as const, 'hears' as const), host }),
  fc.record({ does: fc.constant('leaves' as const), guest: fc.nat() }),
  fc.record({ does: fc.constant('moves' as const), guest: fc.nat(), host }),
  fc.record({ does: fc.constant('leads' as const), host: fc.option(host) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A network with one gateway, and what its hosts have heard of it. */
class Hearsay {
  /** The addresses that a host serves as the gateway, by the hosts that take themselves for it. */
  readonly served = new Map<string, readonly string[]>();
  private state: Network = network.initial;
  private claims = 0;
  private version = 0;

  constructor() {
    const range = { rangeStart: null, rangeEnd: null };
    this.tell({ type: 'CreateNetwork', data: { ...networkSpec, ...range, gatewayHosts: 'one' } });
  }

  get wanted(): ReadonlyMap<string, readonly string[]> {
    const { gateway, claims } = this.state;
    return new Map(gateway === null ? [] : [[gateway, [...claims.values()].map(({ address }) => address).sort()]]);
  }

  take(one: Step): void {
    const guests = [...this.state.claims.values()].map(({ claimId }) => claimId);
    const guest = 'guest' in one ? guests[one.guest % guests.length] : undefined;
    if (one.does === 'comes') this.comes(one.host);
    else if (one.does === 'hears') this.hears(one.host);
    else if (one.does === 'leads') this.tell({ type: 'MoveGateway', data: { hostId: one.host } });
    else if (guest === undefined) return;
    else if (one.does === 'moves') this.place(guest, one.host);
    else this.tell({ type: 'ReleaseAddress', data: { claimId: guest, notAfter: after(60) } });
  }

  /** Does the job that the host is owed, if any. @returns whether there was one. */
  hears(hostId: string): boolean {
    const job = network.due?.(this.state).find((one): one is JobEffect => one.kind === 'job' && one.hostId === hostId);
    if (job === undefined) return false;
    const { version, gateway } = job.job.payload as NetworkPeers;
    if (gateway === undefined) this.served.delete(hostId);
    else this.served.set(hostId, gateway.guests.map(({ address }) => address).sort());
    const address = `192.0.2.${String(HOSTS.indexOf(hostId) + 1)}`;
    this.tell(job.onDone({ version, address }, null) as NetworkCommand);
    return true;
  }

  private comes(hostId: string): void {
    this.claims += 1;
    const claimId = uuid(this.claims);
    const owner = instanceRef(uuid(1_000 + this.claims));
    this.tell({ type: 'AllocateAddress', data: { claimId, owner, address: null, notAfter: after(60) } });
    this.place(claimId, hostId);
  }

  private place(claimId: string, hostId: string): void {
    this.version += 1;
    const places = { claimId, version: this.version, hosts: [hostId], hostname: claimId, floating: [] };
    this.tell({ type: 'SetPlaces', data: places });
  }

  private tell(command: NetworkCommand): void {
    for (const event of network.decide(command, this.state, NOW)) this.state = network.evolve(this.state, event, NOW);
  }
}

describe('hosts of a network with one gateway', () => {
  it('agree which of them is the gateway, and of whom, once all have heard of everything', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 24 }), (steps) => {
        const hearsay = new Hearsay();
        for (const one of steps) hearsay.take(one);
        while (HOSTS.some((hostId) => hearsay.hears(hostId)));
        expect(hearsay.served).toEqual(hearsay.wanted);
      }),
      { numRuns: 500 },
    );
  });
});
