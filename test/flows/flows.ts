import type { Instance, VmState } from '@cairn/domain';

import { effectName, type FlowLab, NETWORK, type Owed, uuid } from './flow-lab';

export const SERVER = uuid(0x51);
const PROJECT = uuid(0x52);
const TARGET = { category: 'instance', id: SERVER };

/** Something that a tenant, or a host, sets off and that takes several effects to end. */
export interface Flow {
  readonly name: string;
  /** Brings the cloud to where the flow begins; nothing is owed then. */
  prepare(lab: FlowLab): Promise<void>;
  begin(lab: FlowLab): Promise<unknown>;
  /** How it ends when all goes well. */
  readonly end: VmState;
  /** How it may end when one of its effects is refused. */
  readonly otherwise: readonly VmState[];
}

async function launch(lab: FlowLab): Promise<void> {
  const items = [{ instanceId: SERVER, cores: 1, ramMb: 512 }];
  await lab.send({ category: 'quota', id: PROJECT }, { type: 'ReserveQuota', data: { items } });
  await lab.send(TARGET, { type: 'LaunchInstance', data: request(lab.later(600_000)) });
}

async function launched(lab: FlowLab): Promise<void> {
  await launch(lab);
  await lab.settle();
}

async function stopped(lab: FlowLab): Promise<void> {
  await launched(lab);
  await lab.send(TARGET, { type: 'StopInstance', data: { notAfter: lab.later(300_000) } });
  await lab.settle();
}

const operation = (lab: FlowLab, type: string, data: object = {}): Promise<unknown> =>
  lab.send(TARGET, { type, data: { ...data, notAfter: lab.later(300_000) } });

const remove = (lab: FlowLab): Promise<unknown> => lab.send(TARGET, { type: 'DeleteInstance', data: {} });

export const FLOWS: readonly Flow[] = [
  { name: 'launch', prepare: () => Promise.resolve(), begin: launch, end: 'active', otherwise: ['active', 'error'] },
  {
    name: 'stop',
    prepare: launched,
    begin: (lab) => operation(lab, 'StopInstance'),
    end: 'stopped',
    otherwise: ['error'],
  },
  {
    name: 'start',
    prepare: stopped,
    begin: (lab) => operation(lab, 'StartInstance'),
    end: 'active',
    otherwise: ['error'],
  },
  {
    name: 'soft reboot',
    prepare: launched,
    begin: (lab) => operation(lab, 'RebootInstance', { rebootType: 'soft' }),
    end: 'active',
    otherwise: ['error'],
  },
  {
    name: 'hard reboot of a stopped server',
    prepare: stopped,
    begin: (lab) => operation(lab, 'RebootInstance', { rebootType: 'hard' }),
    end: 'active',
    otherwise: ['error'],
  },
  {
    name: 'restart of the host',
    prepare: launched,
    begin: (lab) => lab.powerCycle(),
    end: 'active',
    otherwise: ['error'],
  },
  { name: 'delete', prepare: launched, begin: remove, end: 'deleted', otherwise: ['deleted'] },
  { name: 'delete of a stopped server', prepare: stopped, begin: remove, end: 'deleted', otherwise: ['deleted'] },
  {
    name: 'delete right after the launch',
    prepare: () => Promise.resolve(),
    begin: async (lab: FlowLab): Promise<void> => {
      await launch(lab);
      await remove(lab);
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
  {
    name: 'delete when the launch is the host’s turn',
    prepare: () => Promise.resolve(),
    begin: async (lab: FlowLab): Promise<void> => {
      await launch(lab);
      await lab.settle(undefined, (owed) => owed.some((one) => effectName(one) === 'ensure-instance'));
      await remove(lab);
    },
    end: 'deleted',
    otherwise: ['deleted'],
  },
];

/** Effects whose target never refuses: it gives back what is claimed, or notes what it is told. */
const NEVER_REFUSED: ReadonlySet<string> = new Set([
  'AbandonLaunch',
  'RecordHostRestarted',
  'ReleaseAddress',
  'ReleaseCapacity',
  'ReleaseQuota',
]);

export const canBeRefused = (owed: Owed): boolean => !NEVER_REFUSED.has(effectName(owed));

export const hasReason = ({ vmState, fault }: Instance): boolean => vmState !== 'error' || fault !== undefined;

const request = (notAfter: string): object => ({
  instanceId: SERVER,
  projectId: PROJECT,
  userId: 'user',
  number: 1,
  reservationId: 'r-1',
  launchIndex: 0,
  name: 'server',
  description: null,
  hostname: 'server',
  flavor: { flavorId: '1', name: 'm1.tiny', vcpus: 1, ramMb: 512, rootGb: 1, ephemeralGb: 0, swapMb: 0 },
  image: { imageId: uuid(0x1), sha256: 'ab'.repeat(32), sizeBytes: 1_000, format: 'raw' },
  kernel: null,
  ramdisk: null,
  keyName: null,
  publicKey: null,
  metadata: {},
  userData: null,
  availabilityZone: null,
  forcedHost: null,
  networks: [{ networkId: NETWORK, address: null }],
  securityGroups: [],
  autoDiskConfig: false,
  notAfter,
});
