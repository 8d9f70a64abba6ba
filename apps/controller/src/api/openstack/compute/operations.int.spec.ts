import {
  HOST_OPERATIONS,
  hostOperationNamed,
  type OperationRequest,
  type Power,
  streamRef,
  targetOf,
  type VmState,
} from '@cairn/domain';
import { inventoryOf } from '../../../../../../libs/domain/src/testing/model/records';
import { pathTo, startsOf, TENANT_REQUESTS, titleOf } from '../../../../../../libs/domain/src/testing/operations';
import { actionWord } from './servers/server-action';
import { serverStatus } from './servers/server-status';
import { ComputeCloud, HOST_ID, IMAGE_ID } from './testing/compute-cloud';
import { shownServer } from './testing/answers';
import { microversion } from './testing/microversion';

/** nova's power_state of a guest. */
const POWER_STATES: Readonly<Record<Power, number>> = { running: 1, paused: 3, stopped: 4, suspended: 7 };

/** The body of `POST /servers/{id}/action` that asks for an operation. */
function bodyOf({ name, input }: OperationRequest): object {
  if (name === 'reboot') return { reboot: { type: input.rebootType.toUpperCase() } };
  if (name === 'createImage') return { createImage: { name: 'a snapshot' } };
  if (name === 'createBackup') return { createBackup: { name: 'a backup', backup_type: 'daily', rotation: 1 } };
  if (name === 'rebuild') return { rebuild: { imageRef: IMAGE_ID, name: 'again' } };
  if (name === 'rescue') return { rescue: null };
  const word = actionWord(name);
  if (word === undefined) throw new Error(`say here how the API asks for ${name}`);
  return { [word]: null };
}

/** Operations that are not for tenants. */
const OF_ADMINISTRATORS = new Set<string>(['injectNetworkInfo']);
const LATEST = microversion('latest');
/** nova answers a rescue with the password, at once; a soft deletion is asked for by DELETE. */
const statusOf = ({ name }: OperationRequest): number => (name === 'rescue' ? 200 : name === 'soft-delete' ? 204 : 202);

/** What moves a server takes more than one answer of one host: `moves.int.spec.ts`. */
const moves = ({ name }: OperationRequest): boolean =>
  HOST_OPERATIONS.some((one) => one.name === name && one.goes !== undefined);

/** States that a server reaches without a move. */
const stayingStartsOf = (request: OperationRequest): readonly VmState[] =>
  startsOf(request).filter((vmState) => !(pathTo(vmState) ?? []).some(moves));

/** What is answered only when its host has done it: `change-password.int.spec.ts`, `servers/interfaces.int.spec.ts`. */
const WAITING = new Set<string>(['attachInterface', 'changePassword', 'detachInterface']);
const waits = ({ name }: OperationRequest): boolean => WAITING.has(name);

const CASES = TENANT_REQUESTS.filter((request) => !moves(request) && !waits(request)).flatMap((request) =>
  stayingStartsOf(request).map((vmState): [string, VmState, OperationRequest] => [titleOf(request), vmState, request]),
);

describe('the API asks for each operation of a host, shows it, and shows where it leads', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start({}, { reclaimInstanceIntervalSeconds: 3600 });
  });
  afterAll(() => cloud.close());

  it.each(CASES)('%s of a server that is %s', async (_title, from, request) => {
    const demo = cloud.tenant();
    const id = await cloud.active(demo);
    const ask = async (one: OperationRequest): Promise<number> =>
      one.name === 'soft-delete'
        ? (await cloud.ask(demo, 'DELETE', `/servers/${id}`)).status
        : (await cloud.ask(asker(one), 'POST', `/servers/${id}/action`, bodyOf(one), LATEST)).status;
    const asker = ({ name }: OperationRequest): string => (OF_ADMINISTRATORS.has(name) ? 'admin' : demo);
    const show = () => shownServer(cloud, demo, id);
    const end = ({ name }: OperationRequest, vmState: VmState): ReturnType<typeof targetOf> =>
      targetOf(hostOperationNamed(name), { vmState, former: undefined });

    for (const step of pathTo(from) ?? []) {
      expect(await ask(step)).toBe(statusOf(step));
      await cloud.finishOperation(id, end(step, from).power);
    }
    const { vmState, power } = end(request, from);
    const task = hostOperationNamed(request.name).task(request.input);

    expect(await ask(request)).toBe(statusOf(request));
    expect(await show()).toMatchObject({ status: serverStatus(from, task), 'OS-EXT-STS:task_state': task });
    await cloud.finishOperation(id, power);
    expect(await show()).toMatchObject({
      status: serverStatus(vmState, null),
      'OS-EXT-STS:vm_state': vmState,
      'OS-EXT-STS:task_state': null,
      'OS-EXT-STS:power_state': POWER_STATES[power],
    });
    const { isListed, listedAs } = hostOperationNamed(request.name);
    const { body } = await cloud.ask(demo, 'GET', `/servers/${id}/os-instance-actions`);
    if (isListed)
      expect((body as { instanceActions: object[] }).instanceActions[0]).toMatchObject({ action: listedAs });
  });
});

describe('an operation that the host of a server does not do', () => {
  it('is refused with 501, and what a host does shows at its hypervisor', async () => {
    const cloud = await ComputeCloud.start();
    const capabilities = ['watchdog', 'job:ensure-instance'];
    const data = { bootId: 'boot-2', inventory: inventoryOf({ capabilities }) };
    await cloud.execute(streamRef('host', HOST_ID), { type: 'RecordAgentStarted', data });
    const demo = cloud.tenant();
    const id = await cloud.launch(demo);
    await cloud.finishLaunch(id);
    const version = microversion(28);
    const act = (body: object) => cloud.ask(demo, 'POST', `/servers/${id}/action`, body, version);
    const before = cloud.memory.store.all().length;
    expect(await act({ trigger_crash_dump: null })).toMatchObject({
      status: 501,
      body: { notImplemented: { code: 501, message: 'The requested functionality is not supported.' } },
    });
    expect(cloud.memory.store.all()).toHaveLength(before);
    expect(await act({ pause: null })).toMatchObject({ status: 202 });
    const { body } = await cloud.ask('admin', 'GET', '/os-hypervisors/1', undefined, version);
    expect(body).toMatchObject({ hypervisor: { cpu_info: { arch: 'x86_64', capabilities } } });
    await cloud.close();
  });
});
