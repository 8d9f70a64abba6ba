import type { JobEffect } from '../kernel/effect';
import { HOST_A, uuid } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { inventoryOf } from '../testing/model/records';
import { host, type HostCommand, type HostEvent } from './index';

const given = specOf(host);

const up: readonly HostEvent[] = [
  { type: 'host.enrolled.v1', data: { hostId: HOST_A, name: 'node-a', number: 1, availabilityZone: 'nova' } },
  { type: 'host.started.v1', data: { bootId: uuid(1), inventory: inventoryOf() } },
];
const image = (n: number) => ({ imageId: uuid(n), sha256: 'ab'.repeat(32), sizeBytes: 1_000, format: 'raw' });
const data = (...ns: number[]) => ({ images: ns.map(image), notAfter: after(3600) });
const want = (...ns: number[]): HostCommand => ({ type: 'WantImages', data: data(...ns) });
const wanted = (...ns: number[]): HostEvent => ({ type: 'host.images-wanted.v1', data: data(...ns) });
const answer = { imageId: uuid(1), found: false, timings: { image: 7 } };
const cached: HostEvent = { type: 'host.image-cached.v1', data: answer };
const failure = { imageId: uuid(2), code: 'image.unusable', message: 'It is damaged.' };
const notCached: HostEvent = { type: 'host.image-not-cached.v1', data: failure };

describe('images that a host is to have in advance', () => {
  it('are fetched one after the other, each by a job of its own', () => {
    given(...up)
      .when(want(1, 2))
      .then(wanted(1, 2));
    const [first, ...others] = given(...up, wanted(1, 2)).owed as readonly JobEffect[];
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      hostId: HOST_A,
      dueBy: after(3600),
      job: {
        kind: 'cache-image',
        resource: { category: 'host', id: HOST_A },
        generation: 1,
        payload: { image: image(1) },
      },
    });
    const [second] = given(...up, wanted(1, 2), cached).owed as readonly JobEffect[];
    expect(second).toMatchObject({ job: { generation: 2, payload: { image: image(2) } } });
    expect(second?.id).not.toBe(first?.id);
    expect(given(...up, wanted(1, 2), cached, notCached).owed).toEqual([]);
  });

  it('end with what the host says, or with its silence', () => {
    const [effect] = given(...up, wanted(1)).owed as readonly JobEffect[];
    const done = effect?.onDone({ imageCached: false, timings: { image: 7 } }, null);
    expect(done).toEqual({ type: 'RecordImageCached', data: answer });
    given(...up, wanted(1))
      .when(done as HostCommand)
      .then(cached);
    const [next] = given(...up, wanted(1, 2), cached).owed as readonly JobEffect[];
    const refused = next?.onRefused({ code: failure.code, message: failure.message, permanent: true });
    given(...up, wanted(1, 2), cached)
      .when(refused as HostCommand)
      .then(notCached);
    expect(effect?.onExpired).toMatchObject({ type: 'RecordImageNotCached', data: { code: 'host.too-late' } });
  });

  it('are not wanted twice at once, and answers about others come too late', () => {
    given(...up, wanted(1))
      .when(want(1, 2))
      .then(wanted(2));
    given(...up, wanted(1))
      .when(want(1))
      .thenNothing();
    given(...up, wanted(2))
      .when({ type: 'RecordImageCached', data: answer })
      .thenNothing();
    given(...up, wanted(1))
      .when({ type: 'RecordImageNotCached', data: failure })
      .thenNothing();
    given(...up, wanted(1), cached)
      .when(want(1))
      .then(wanted(1));
  });

  it('are forgotten with the host, whose agent remembers the generations', () => {
    const removed: HostEvent = { type: 'host.removed.v1', data: {} };
    const [enrolled] = up as [HostEvent];
    const { owed, state } = given(...up, wanted(1, 2), cached, removed);
    expect([owed, state.wanted, state.answered]).toEqual([[], [], 1]);
    const [next] = given(...up, wanted(1, 2), cached, removed, enrolled, wanted(3)).owed as readonly JobEffect[];
    expect(next?.job.generation).toBe(2);
  });
});
