import { instanceRef } from '../instance/quota';
import type { JobEffect } from '../kernel/effect';
import { HOST_A, HOST_B, networkSpec, uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { network, type NetworkEvent } from './index';

const given = specOf(network);
const made: NetworkEvent = {
  type: 'network.created.v1',
  data: { ...networkSpec, segment: { type: 'vxlan', id: 7 }, rangeStart: '10.0.0.2', rangeEnd: '10.0.0.254' },
};
const held = (n: number): NetworkEvent => ({
  type: 'network.address-allocated.v2',
  data: {
    claimId: uuid(n),
    owner: instanceRef(uuid(100 + n)),
    address: `10.0.0.${String(n + 1)}`,
    mac: `fa:16:3e:0:0:${String(n)}`,
  },
});
const placed = (n: number, version: number, ...hosts: readonly string[]): NetworkEvent => ({
  type: 'network.places-set.v1',
  data: { claimId: uuid(n), version, hosts },
});
const told = (hostId: string, version: number, address: string): NetworkEvent => ({
  type: 'network.host-updated.v1',
  data: { hostId, version, address },
});
const gone = (n: number): NetworkEvent => ({
  type: 'network.address-released.v1',
  data: { claimId: uuid(n), address: `10.0.0.${String(n + 1)}` },
});

/** What the hosts are to be told after such a past, by host. */
const owed = (...history: readonly NetworkEvent[]): readonly JobEffect[] =>
  given(...history).owed.filter((effect) => effect.kind === 'job');
const news = (...history: readonly NetworkEvent[]): readonly unknown[] =>
  owed(...history).map(({ hostId, job }) => [hostId, job.payload]);

describe('the hosts of a network that spans hosts', () => {
  const two = [made, held(1), held(2), placed(1, 1, HOST_A), placed(2, 1, HOST_B)];
  const both = [...two, told(HOST_A, 2, '192.0.2.1'), told(HOST_B, 3, '192.0.2.2')];
  const settled = [...both, told(HOST_A, 4, '192.0.2.1')];

  it('are told of each other, once each has said where it is', () => {
    expect(news(...two)).toEqual([
      [HOST_A, { version: 2, peers: [] }],
      [HOST_B, { version: 2, peers: [] }],
    ]);
    expect(news(...two, told(HOST_A, 2, '192.0.2.1'))).toEqual([[HOST_B, { version: 3, peers: ['192.0.2.1'] }]]);
    expect(news(...both)).toEqual([[HOST_A, { version: 4, peers: ['192.0.2.2'] }]]);
    expect(news(...settled)).toEqual([]);
  });

  it('answer a job whatever changes meanwhile: its id and generation stay until then', () => {
    const jobOfA = (...history: readonly NetworkEvent[]): JobEffect | undefined =>
      owed(...history).find(({ hostId }) => hostId === HOST_A);
    const [before, after] = [jobOfA(...two), jobOfA(...two, told(HOST_B, 2, '192.0.2.2'))];
    expect([after?.id, after?.job.generation]).toEqual([before?.id, before?.job.generation]);
    expect(after?.job.payload).toEqual({ version: 3, peers: ['192.0.2.2'] });
  });

  it('leave with their last guest, and the others learn that', () => {
    const more = [...settled, held(3), placed(3, 1, HOST_A)];
    expect(news(...more, gone(1))).toEqual([]);
    expect(news(...more, gone(1), gone(3))).toEqual([[HOST_B, { version: 7, peers: [] }]]);
    expect(news(...settled, gone(1), gone(2))).toEqual([]);
  });

  it('know nothing of a claim that is not held, nor of what is older than what is known', () => {
    const set = (n: number, version: number, hosts: readonly string[]) =>
      ({ type: 'SetPlaces', data: { claimId: uuid(n), version, hosts } }) as const;
    given(made)
      .when(set(1, 1, [HOST_A]))
      .thenNothing();
    given(made, held(1), placed(1, 2, HOST_B))
      .when(set(1, 2, [HOST_A]))
      .thenNothing();
    given(made, held(1), placed(1, 2, HOST_B))
      .when(set(1, 3, [HOST_A]))
      .then(placed(1, 3, HOST_A));
  });

  it('are asked again later when they fail, but not for a try that is over', () => {
    const failed = (tries: number) =>
      ({
        type: 'RecordHostNotUpdated',
        data: { hostId: HOST_A, applied: 0, tries, version: 1, code: 'network.failed', message: 'No.' },
      }) as const;
    given(...two)
      .when(failed(0))
      .then({
        type: 'network.host-not-updated.v1',
        data: { hostId: HOST_A, version: 1, code: 'network.failed', message: 'No.', retryAt: after(10) },
      });
    given(...two)
      .when(failed(1))
      .thenNothing();
  });
});
