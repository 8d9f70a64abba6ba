import { facts, HOST_A, operation, running } from '../testing/examples';
import { NOW, specOf } from '../testing/given';

import { commandOf } from './operations';
import { hostClaimId, type Hardware, instance, type InstanceEvent, type InstanceSpec } from './index';

const given = specOf(instance);
const { flavor } = given(...running).state.request ?? {};
if (flavor === undefined) throw new Error('the example has a flavor');

const WATCHED: Hardware = { watchdog: 'reset' };
const watched = running.map((event): InstanceEvent =>
  event.type === 'instance.launch-requested.v1' ? { ...event, data: { ...event.data, hardware: WATCHED } } : event,
);

const hardwareAfter = (...history: readonly InstanceEvent[]): Hardware | undefined => {
  const owed = given(...history).owed.flatMap((effect) => (effect.kind === 'job' ? [effect.job.payload] : []));
  const [spec] = owed.map((payload) => (payload as { readonly spec: InstanceSpec }).spec);
  return (spec ?? given(...history).state.request)?.hardware;
};

const resizeTo = (hardware: Hardware | undefined): readonly InstanceEvent[] => {
  const claimId = hostClaimId(NOW.commandId, 1);
  const data = { ...operation, flavor: { ...flavor, flavorId: '3' }, sameHost: true, number: 7 };
  return [
    { type: 'instance.resize-requested.v1', data: hardware === undefined ? data : { ...data, hardware } },
    {
      type: 'instance.host-chosen.v2',
      data: { attempt: 1, hostId: HOST_A, hostName: 'node', claimId, purpose: 'resize' },
    },
    { type: 'instance.host-claimed.v1', data: { claimId, kind: 'resize' } },
    { type: 'instance.operation-advanced.v1', data: { operationId: NOW.commandId, kind: 'resize', leg: 1, facts } },
  ];
};

describe('the machine of a server', () => {
  it('goes with every job, as it was decided', () => {
    const { state } = given(...watched);
    expect(state.request?.hardware).toEqual(WATCHED);
    const { state: stopping } = given(...watched).when(commandOf({ name: 'stop', input: {} }, NOW.at));
    expect(stopping.request?.hardware).toEqual(WATCHED);
    expect(given(...running).state.request?.hardware).toEqual({ guestAgent: true });
  });

  it.each([{ nicModel: 'e1000' } as const, undefined])('is that of the new flavor after a resize: %j', (hardware) => {
    expect(hardwareAfter(...watched, ...resizeTo(hardware))).toEqual(hardware);
  });

  it('is that of the former flavor after a resize that is reverted', () => {
    const [request, ...steps] = resizeTo({ nicModel: 'e1000' });
    const moved = [...watched, ...(request === undefined ? [] : [request]), ...steps];
    const done = {
      type: 'RecordOperationDone',
      data: { operationId: NOW.commandId, leg: 1, facts, restarted: null },
    } as const;
    const events = instance.decide(done, given(...moved).state, NOW);
    const reverting: InstanceEvent = { type: 'instance.resize-reversion-requested.v1', data: operation };
    expect(given(...moved, ...events).state.request?.hardware).toEqual({ nicModel: 'e1000' });
    const there: InstanceEvent = {
      type: 'instance.operation-advanced.v1',
      data: { operationId: NOW.commandId, kind: 'revertResize', leg: 1, facts },
    };
    expect(hardwareAfter(...moved, ...events, reverting, there)).toEqual(WATCHED);
  });

  it('is that of the new image after a rebuild', () => {
    const { image, kernel, ramdisk } = given(...watched).state.request ?? {};
    if (image === undefined || kernel === undefined || ramdisk === undefined) throw new Error('it has images');
    const changes = { image, kernel, ramdisk, hardware: {} };
    const data = { ...operation, changes, preserveEphemeral: false };
    expect(hardwareAfter(...watched, { type: 'instance.rebuild-requested.v1', data })).toEqual({});
  });
});
