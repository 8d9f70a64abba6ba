import fc from 'fast-check';
import { holdsInAnyOrder } from '../testing/any-order';
import { NOW, specOf } from '../testing/given';
import { requestsOf, uuid } from '../testing/model';
import {
  allHostAggregates,
  type HostAggregateCommand,
  type HostAggregateEvent,
  hostaggregates,
  zoneOfAggregate,
} from './index';

const given = specOf(hostaggregates);
const [A, B] = [
  { hostId: uuid(11), name: 'node-a' },
  { hostId: uuid(12), name: 'node-b' },
];

const created = (number: number, zone?: string): HostAggregateEvent => ({
  type: 'host-aggregate.created.v1',
  data: {
    number,
    uuid: uuid(100 + number),
    name: `group ${String(number)}`,
    metadata: zone === undefined ? {} : { availability_zone: zone },
  },
});
const added = (number: number, host = A): HostAggregateEvent => ({
  type: 'host-aggregate.host-added.v1',
  data: { number, host },
});
const add = (number: number, servers = 0, host = A): HostAggregateCommand => ({
  type: 'AddAggregateHost',
  data: { number, host, servers },
});
const remove = (number: number, servers = 0, host = A): HostAggregateCommand => ({
  type: 'RemoveAggregateHost',
  data: { number, host, servers },
});
const set = (metadata: Readonly<Record<string, string | null>>, occupied = false): HostAggregateCommand => ({
  type: 'SetHostAggregateMetadata',
  data: { number: 1, metadata, occupied },
});
const metadata = (of: Readonly<Record<string, string>>): HostAggregateEvent => ({
  type: 'host-aggregate.metadata-set.v1',
  data: { number: 1, metadata: of },
});
const create = (name: string): HostAggregateCommand => ({
  type: 'CreateHostAggregate',
  data: { uuid: uuid(101), name, zone: 'z' },
});
const destroy: HostAggregateCommand = { type: 'DeleteHostAggregate', data: { number: 1 } };

describe('the life of a host aggregate', () => {
  it('begins with a number that no other had, and a name that no other has, whatever its case', () => {
    given().when(create('group 1')).then(created(1, 'z'));
    given()
      .when(create('group 1'))
      .thenAnswers({
        ...created(1, 'z').data,
        hosts: [],
        createdAt: NOW.at,
        updatedAt: null,
      });
    given(created(1)).when(create('GROUP 1')).thenRefuses('host-aggregate.exists');
    const gone: HostAggregateEvent = { type: 'host-aggregate.deleted.v1', data: { number: 1 } };
    given(created(1), gone)
      .when(create('group 1'))
      .then({ type: 'host-aggregate.created.v1', data: { ...created(1, 'z').data, number: 2 } } as HostAggregateEvent);
  });

  it('ends when it has no host', () => {
    given(created(1))
      .when(destroy)
      .then({ type: 'host-aggregate.deleted.v1', data: { number: 1 } });
    given(created(1), added(1)).when(destroy).thenRefuses('host-aggregate.not-empty');
    for (const command of [destroy, add(1), remove(1), set({ a: 'b' })])
      given().when(command).thenRefuses('host-aggregate.not-found');
  });

  it('takes another name that is free, its own among them', () => {
    const rename = (name: string): HostAggregateCommand => ({
      type: 'UpdateHostAggregate',
      data: { number: 1, name, occupied: true },
    });
    const both = given(created(1), created(2));
    both.when(rename('web')).then({ type: 'host-aggregate.renamed.v1', data: { number: 1, name: 'web' } });
    both.when(rename('group 1')).thenNothing();
    both.when(rename('Group 2')).thenRefuses('host-aggregate.exists');
    expect(both.when(rename('web')).state.byNumber.get('1')?.updatedAt).toBe(NOW.at);
  });
});

describe('the metadata of a host aggregate', () => {
  it('keeps the keys that are not named, and loses those that are null', () => {
    const one = given(created(1), metadata({ ssd: 'true', rack: '7' }));
    one.when(set({ rack: null, gpu: 'no' })).then(metadata({ ssd: 'true', gpu: 'no' }));
    one.when(set({ rack: '7', gpu: null })).thenNothing();
    one.when(set({ ['__proto__']: 'x' })).then(metadata({ ssd: 'true', rack: '7', ['__proto__']: 'x' }));
  });

  it('names one zone for each host, which servers do not leave', () => {
    const zone = { availability_zone: 'here' };
    given(created(1), added(1)).when(set(zone)).then(metadata(zone));
    given(created(1), added(1)).when(set(zone, true)).thenRefuses('host-aggregate.zone-in-use');
    given(created(1, 'here'), added(1)).when(set(zone, true)).thenNothing();
    given(created(1), added(1), created(2, 'there'), added(2))
      .when(set(zone))
      .thenRefuses('host-aggregate.host-in-other-zone');
    for (const none of [null, ''])
      given(created(1))
        .when(set({ availability_zone: none }))
        .thenRefuses('host-aggregate.nameless-zone');
  });
});

describe('the hosts of a host aggregate', () => {
  it('come and go once', () => {
    given(created(1)).when(add(1)).then(added(1));
    given(created(1), added(1)).when(add(1)).thenRefuses('host-aggregate.has-host');
    given(created(1), added(1), added(1, B))
      .when(remove(1))
      .then({ type: 'host-aggregate.host-removed.v1', data: { number: 1, hostId: A.hostId } });
    given(created(1), added(1, B)).when(remove(1)).thenRefuses('host-aggregate.has-no-host');
  });

  it('are in one zone, which servers do not leave', () => {
    const inTwo = given(created(1, 'here'), added(1), created(2, 'there'), created(3, 'here'), created(4));
    inTwo.when(add(2)).thenRefuses('host-aggregate.host-in-other-zone');
    inTwo.when(add(3, 1)).then(added(3));
    inTwo.when(add(4, 1)).then(added(4));
    given(created(1, 'here')).when(add(1, 1)).thenRefuses('host-aggregate.zone-in-use');
    given(created(1, 'here'), added(1)).when(remove(1, 1)).thenRefuses('host-aggregate.zone-in-use');
    const alsoIn3 = given(created(1, 'here'), added(1), created(3, 'here'), added(3));
    alsoIn3.when(remove(1, 1)).then({ type: 'host-aggregate.host-removed.v1', data: { number: 1, hostId: A.hostId } });
  });
});

it('names are unique, numbers are new, and no host is in two zones, in any order of any requests', () => {
  const commands = requestsOf('hostaggregates', 'cloud');
  holdsInAnyOrder(hostaggregates, fc.constant([]), commands, (state, before, events) => {
    const all = allHostAggregates(state);
    expect(new Set(all.map(({ name }) => name.toLowerCase())).size).toBe(all.length);
    for (const { type, data } of events)
      if (type === 'host-aggregate.created.v1') expect(data.number).toBe(before.next);
    for (const { hostId } of all.flatMap(({ hosts }) => hosts)) {
      const around = all.filter(({ hosts }) => hosts.some((host) => host.hostId === hostId));
      const zones = around.map(zoneOfAggregate).filter((zone) => zone !== undefined);
      expect(new Set(zones).size).toBeLessThanOrEqual(1);
    }
  });
});

it('its stored state is read again as it was', () => {
  const { state } = given(created(1), added(1), created(2));
  const stored: unknown = JSON.parse(JSON.stringify(hostaggregates.snapshot.save(state)));
  expect(allHostAggregates(hostaggregates.snapshot.load(stored))).toEqual(allHostAggregates(state));
});
