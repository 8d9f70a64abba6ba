import { deriveId, EFFECT_JOBS } from '@cairn/domain';

import { hostMessage, JOB_KINDS, jobFacts } from './jobs';
import { envelope, instanceSpecOf, jobs } from './testing/messages';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a message to a host', () => {
  const { resource } = envelope;
  const query = { kind: 'read-console', requestId: deriveId('q'), resource, payload: { lines: null } };

  it('has a schema for every kind of job that an aggregate owes, and for no other', () => {
    expect([...JOB_KINDS].sort()).toEqual([...EFFECT_JOBS].sort());
    expect(jobs.map(({ kind }) => kind).sort()).toEqual([...JOB_KINDS].sort());
  });

  it.each([...jobs, query])('is understood: $kind', (message) => {
    expect(hostMessage(plain(message))).toEqual(message);
  });

  it('is understood without what a newer controller says besides', () => {
    expect(hostMessage({ ...query, urgent: true })).toEqual(query);
  });

  const [ensure] = jobs;
  const remove = jobs.find(({ kind }) => kind === 'remove-instance');
  const spec = instanceSpecOf();
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ensure-instance'],
    ['no kind', {}],
    ['a kind that is no text', { kind: 7 }],
    ['a kind that every object has', { kind: 'toString' }],
    ['a kind of a newer controller', { ...ensure, kind: 'attach-volume' }],
    ['a kind alone', { kind: 'ensure-instance', effectId: deriveId('e') }],
    ['the payload of another kind', { ...remove, kind: 'reboot-instance' }],
    ['an id that is a path', { ...query, resource: { ...resource, id: '../../keyring' } }],
    ['an id that is an option', { ...remove, resource: { ...resource, id: '--all' } }],
    ['an id that is a list', { ...remove, resource: { ...resource, id: [resource.id] } }],
    ['a number that no column holds', { ...ensure, payload: { spec: { ...spec, vcpus: 2 ** 31 } } }],
    ['a job of 0.1', { ...envelope, resource: undefined, kind: 'ensure-instance', instanceId: resource.id, spec }],
  ])('is not taken for one: %s', (_what, value) => {
    expect(hostMessage(plain(value ?? null))).toBeUndefined();
  });
});

describe('the facts of a job', () => {
  const facts = { power: 'running', virtType: 'kvm', timings: { image: 12.5, 'disk-copy': 0 }, imageCached: true };

  it('are those of its kind, and nothing besides', () => {
    expect(jobFacts('ensure-instance', { ...facts, note: 'x' })).toEqual(facts);
    expect(jobFacts('remove-instance', { power: 'absent', timings: {} })).toEqual({ power: 'absent', timings: {} });
  });

  it.each([
    ['a power state that there is not', { ...facts, power: 'on' }],
    ['a timing that is a text', { ...facts, timings: { start: 'soon' } }],
    ['a timing that no column holds', { ...facts, timings: { start: 1e308 } }],
    [
      'more parts than jobs have',
      { ...facts, timings: Object.fromEntries([...Array(65).keys()].map((i) => [`p${String(i)}`, 1])) },
    ],
    ['nothing', undefined],
  ])('are refused: %s', (_what, value) => {
    expect(jobFacts('ensure-instance', value)).toBeUndefined();
  });

  it('pass over a part that is no name of one', () => {
    const timings: unknown = JSON.parse('{ "__proto__": 1, "start": 2 }');
    expect(jobFacts('ensure-instance', { ...facts, timings })).toEqual({ ...facts, timings: { start: 2 } });
  });

  it('are none for kinds that there are not', () => {
    expect(jobFacts('toString', facts)).toBeUndefined();
  });
});
