import { commandOf, HOST_OPERATIONS, hostOperationNamed, type OperationRequest, targetOf } from '@cairn/domain';
import { pathTo, startsOf, TENANT_REQUESTS, titleOf } from '../../../libs/domain/src/testing/operations';
import { type Cloud, inventory, placeOnA, removed, runOnA, running, stopped } from '../cloud';
import type { Stage } from '../stage';
import type { Story } from '../story';

const broken = { code: 'hypervisor.failed', message: 'The guest did not stop.', permanent: false };

async function operate(stage: Stage, { server }: Cloud, type: string, data: object = {}): Promise<void> {
  await stage.ask(server, { type, data: { ...data, notAfter: stage.in(600) } });
}

/** Operations that stories of their own tell of. */
const TOLD = new Set([
  'stop',
  'start',
  'reboot',
  'createImage',
  'createBackup',
  'shelve',
  'changePassword',
  'attachInterface',
  'detachInterface',
]);

/** Those that move the server are told of in `moves.ts`. */
const MOVES: ReadonlySet<string> = new Set(
  HOST_OPERATIONS.flatMap(({ name, goes }) => (goes === undefined ? [] : [name])),
);

/** What leads to a state is told by the story of what leads out of it. */
const isPassed = ({ name }: OperationRequest): boolean =>
  TENANT_REQUESTS.some((other) =>
    startsOf(other).some((vmState) => !MOVES.has(other.name) && pathTo(vmState)?.some((step) => step.name === name)),
  );

/** The story of each other operation of a host, in all its variants. */
const others: readonly Story[] = TENANT_REQUESTS.filter(
  (request) =>
    !TOLD.has(request.name) && !MOVES.has(request.name) && startsOf(request).length > 0 && !isPassed(request),
).map((request) => ({
  name: `operation-${titleOf(request).replaceAll(' ', '-')}`,
  about: `A server is brought to where it can be asked for it, and its host carries it out: ${titleOf(request)}.`,
  finished: true,
  play: async (stage: Stage): Promise<void> => {
    const { server } = await runOnA(stage);
    for (const one of [...(pathTo(startsOf(request)[0] ?? 'active') ?? []), request]) {
      await stage.ask(server, commandOf(one, stage.in(0)));
      const operation = hostOperationNamed(one.name);
      const { power } = targetOf(operation, { vmState: 'active', former: undefined });
      await stage.answer(server, operation.job(one.input).kind, { ...running, power });
    }
  },
}));

export const operations: readonly Story[] = [
  ...others,
  {
    name: 'stop-start-reboot',
    about: 'A server is stopped, started, rebooted softly and hard.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await operate(stage, cloud, 'StopInstance');
      await stage.answer(cloud.server, 'ensure-instance', stopped);
      await operate(stage, cloud, 'StartInstance');
      await stage.answer(cloud.server, 'ensure-instance', running);
      for (const rebootType of ['soft', 'hard']) {
        await operate(stage, cloud, 'RebootInstance', { rebootType });
        await stage.answer(cloud.server, 'reboot-instance', running);
      }
    },
  },
  {
    name: 'crash-dump-under-way',
    about: 'A release of Cairn ends when a host has not yet interrupted a guest.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      await operate(stage, await runOnA(stage), 'TriggerCrashDump');
    },
  },
  {
    name: 'hard-reboot-takes-over-a-soft-one',
    about: 'A soft reboot does not end; a hard one takes its place and ends it.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await operate(stage, cloud, 'RebootInstance', { rebootType: 'soft' });
      await operate(stage, cloud, 'RebootInstance', { rebootType: 'hard' });
      await stage.answer(cloud.server, 'reboot-instance', running);
    },
  },
  {
    name: 'operation-failed-and-healed',
    about: 'The host fails to stop the guest, then does not answer to a start in time; a hard reboot heals the fault.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await operate(stage, cloud, 'StopInstance');
      await stage.answer(cloud.server, 'ensure-instance', broken);
      await operate(stage, cloud, 'StopInstance');
      await stage.expire(cloud.server, 'ensure-instance');
      await operate(stage, cloud, 'RebootInstance', { rebootType: 'hard' });
      await stage.answer(cloud.server, 'reboot-instance', running);
    },
  },
  {
    name: 'described-by-its-tenant',
    about: 'A server is renamed and described, its metadata replaced and changed.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage);
      await stage.ask(server, { type: 'RenameInstance', data: { name: 'db' } });
      await stage.ask(server, { type: 'DescribeInstance', data: { description: 'The database.' } });
      await stage.ask(server, { type: 'ReplaceMetadata', data: { metadata: { role: 'db', tier: '1' } } });
      await stage.ask(server, {
        type: 'ChangeMetadata',
        data: { set: { owner: 'ops' }, remove: ['tier'], limit: 128 },
      });
    },
  },
  {
    name: 'tagged-and-named',
    about: 'A server gets tags, loses one, loses all, and its guest gets another host name.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage);
      await stage.ask(server, { type: 'ReplaceTags', data: { tags: ['db', 'production'] } });
      await stage.ask(server, { type: 'AddTag', data: { tag: 'audited' } });
      await stage.ask(server, { type: 'RemoveTag', data: { tag: 'db' } });
      await stage.ask(server, { type: 'ClearTags', data: {} });
      await stage.ask(server, { type: 'SetHostname', data: { hostname: 'db-1' } });
    },
  },
  {
    name: 'state-reset',
    about: 'An administrator gives up a stop that does not end: the server is in error, then active again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await operate(stage, cloud, 'StopInstance');
      await stage.ask(cloud.server, { type: 'ResetState', data: { vmState: 'error' } });
      await stage.ask(cloud.server, { type: 'ResetState', data: { vmState: 'active' } });
    },
  },
  {
    name: 'locked-and-unlocked',
    about: 'A server is locked, refuses to be stopped, and is unlocked.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const cloud = await runOnA(stage);
      await stage.ask(cloud.server, { type: 'LockInstance', data: { reason: 'audit' } });
      await operate(stage, cloud, 'StopInstance');
      await stage.ask(cloud.server, { type: 'UnlockInstance', data: {} });
    },
  },
  {
    name: 'host-restarted',
    about:
      'A host goes down, comes up and starts anew: the guest that should run runs again. It reports what it should not.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server, hostA } = await runOnA(stage);
      await stage.tell(hostA, { type: 'MarkHostDown', data: { lastSeenAt: null } }, 'liveness');
      await stage.tell(hostA, { type: 'MarkHostUp', data: { bootId: stage.id('boot of node-a') } }, 'liveness');
      const bootId = stage.id('second boot');
      await stage.tell(hostA, { type: 'RecordAgentStarted', data: { bootId, inventory: inventory('node-a') } });
      await stage.carryOut(hostA, 'RecordHostRestarted');
      await stage.answer(server, 'ensure-instance', running);
      await stage.tell(hostA, { type: 'ReportDrift', data: { bootId, kind: 'domain', name: 'instance-000000ff' } });
      const result = {
        effectId: stage.id('unasked'),
        resource: server,
        generation: 1,
        resultType: 'agent.job-succeeded.v2',
        reason: 'no such effect is outstanding',
      };
      await stage.tell(hostA, { type: 'RejectResult', data: result });
      const refused = { count: 3, reason: 'agent.started.v1: data.inventory.vcpus' };
      await stage.tell(hostA, { type: 'RecordReportsRefused', data: refused });
      await stage.ask(hostA, { type: 'DisableHost', data: { reason: 'new disks' } });
      await stage.ask(hostA, { type: 'EnableHost', data: {} });
    },
  },
  {
    name: 'host-network-mended',
    about: 'Somebody has changed the network of a host by hand; its agent makes most of it right again.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { hostA } = await runOnA(stage);
      const data = {
        bootId: stage.id('boot of node-a'),
        mended: [
          {
            topic: 'bridge',
            name: 'br100',
            says: 'The bridge br100 of the network private is gone: its guests reach nothing.',
          },
        ],
        left: [{ topic: 'dhcp', name: 'br100', says: 'dnsmasq of the network private (br100) does not run.' }],
        more: 3,
      };
      await stage.tell(hostA, { type: 'RecordNetworkDiffered', data });
    },
  },
  {
    name: 'host-restarted-before-its-answer',
    about: 'The host started the guest, lost power before it could say so, and answers after its own start.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await placeOnA(stage);
      const restarted = { bootId: stage.id('second boot'), notAfter: stage.in(1800) };
      await stage.answer(server, 'ensure-instance', running, restarted);
      await stage.answer(server, 'ensure-instance', running);
    },
  },
  {
    name: 'host-restart-under-way',
    about: 'A release of Cairn ends when a host has started and its guest has not been told.',
    finished: false,
    play: async (stage: Stage): Promise<void> => {
      const { hostA } = await runOnA(stage);
      const data = { bootId: stage.id('second boot'), inventory: inventory('node-a') };
      await stage.tell(hostA, { type: 'RecordAgentStarted', data });
    },
  },
  {
    name: 'removal-failed-twice',
    about: 'A host fails twice to remove a domain; claim, address and the end of the server wait for it.',
    finished: true,
    play: async (stage: Stage): Promise<void> => {
      const { server } = await runOnA(stage);
      await stage.ask(server, { type: 'DeleteInstance', data: {} });
      await stage.carryOut(server, 'ReleaseQuota');
      for (const seconds of [2, 4]) {
        await stage.answer(server, 'remove-instance', broken);
        stage.pass(seconds);
      }
      await stage.answer(server, 'remove-instance', removed);
      await stage.carryOutAll(server);
    },
  },
];
