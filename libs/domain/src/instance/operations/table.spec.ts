import { DomainError } from '../../kernel/errors';
import { INSTANCE, operation, running } from '../../testing/examples';
import { NOW, specOf } from '../../testing/given';
import { REQUESTS, TENANT_REQUESTS, titleOf } from '../../testing/operations';
import {
  commandOf,
  HOST_OPERATIONS,
  instance,
  type Instance,
  powerIn,
  taskState,
  VM_STATES,
  type VmState,
} from '../index';
import { newPlacement } from '../placement/placement';
import { TASKS_OF_HOST } from './reset-state';
import { isInMemory } from './restore';

/** From where nova 26.1 takes an action, and which tasks may be under way. A row may come before its operation. */
interface Row {
  readonly vmStates: readonly VmState[] | 'any';
  readonly tasks: readonly string[] | 'any';
  /** As its refusal names it. */
  readonly action: string;
}

const NO_TASK: readonly string[] = [];
const METADATA: Row = {
  vmStates: ['active', 'paused', 'suspended', 'stopped'],
  tasks: 'any',
  action: 'update metadata',
};
const tags = (action: string): Row => ({ ...METADATA, action });
const ALWAYS = { vmStates: 'any', tasks: 'any' } as const;

const TABLE: Readonly<Record<string, Row>> = {
  start: { vmStates: ['stopped'], tasks: NO_TASK, action: 'start' },
  stop: { vmStates: ['active', 'error'], tasks: NO_TASK, action: 'stop' },
  'reboot soft': { vmStates: ['active'], tasks: NO_TASK, action: 'reboot' },
  'reboot hard': {
    vmStates: ['active', 'stopped', 'paused', 'suspended', 'error'],
    tasks: [
      'rebooting',
      'reboot_pending',
      'reboot_started',
      'rebooting_hard',
      'resuming',
      'unpausing',
      'pausing',
      'suspending',
    ],
    action: 'reboot',
  },
  pause: { vmStates: ['active'], tasks: NO_TASK, action: 'pause' },
  unpause: { vmStates: ['paused'], tasks: NO_TASK, action: 'unpause' },
  suspend: { vmStates: ['active'], tasks: NO_TASK, action: 'suspend' },
  resume: { vmStates: ['suspended'], tasks: NO_TASK, action: 'resume' },
  rescue: { vmStates: ['active', 'stopped', 'error'], tasks: NO_TASK, action: 'rescue' },
  unrescue: { vmStates: ['rescued'], tasks: NO_TASK, action: 'unrescue' },
  rebuild: { vmStates: ['active', 'stopped', 'error'], tasks: NO_TASK, action: 'rebuild' },
  resize: { vmStates: ['active', 'stopped'], tasks: NO_TASK, action: 'resize' },
  migrate: { vmStates: ['active', 'stopped'], tasks: NO_TASK, action: 'migrate' },
  confirmResize: { vmStates: ['resized'], tasks: NO_TASK, action: 'confirmResize' },
  revertResize: { vmStates: ['resized'], tasks: NO_TASK, action: 'revertResize' },
  shelve: { vmStates: ['active', 'stopped', 'paused', 'suspended'], tasks: NO_TASK, action: 'shelve' },
  shelveOffload: { vmStates: ['shelved'], tasks: NO_TASK, action: 'shelveOffload' },
  unshelve: { vmStates: ['shelved', 'shelved_offloaded'], tasks: NO_TASK, action: 'unshelve' },
  createImage: { vmStates: ['active', 'stopped', 'paused', 'suspended'], tasks: NO_TASK, action: 'createImage' },
  createBackup: { vmStates: ['active', 'stopped', 'paused', 'suspended'], tasks: NO_TASK, action: 'createBackup' },
  lock: { ...ALWAYS, action: 'lock' },
  unlock: { ...ALWAYS, action: 'unlock' },
  delete: { ...ALWAYS, action: 'delete' },
  // nova takes it always of a server that once ran; Cairn deletes it at once where parts of it are elsewhere
  'soft-delete': {
    vmStates: ['active', 'stopped', 'paused', 'suspended', 'rescued', 'error', 'soft-delete'],
    tasks: [...TASKS_OF_HOST, 'restoring'],
    action: 'delete',
  },
  undelete: { vmStates: ['soft-delete'], tasks: NO_TASK, action: 'restore' },
  'add-security-group': { ...ALWAYS, action: 'add security group' },
  'remove-security-group': { ...ALWAYS, action: 'remove security group' },
  attachInterface: { vmStates: ['active', 'paused', 'stopped'], tasks: NO_TASK, action: 'attach_interface' },
  detachInterface: { vmStates: ['active', 'paused', 'stopped'], tasks: NO_TASK, action: 'detach_interface' },
  rename: { ...ALWAYS, action: 'rename' },
  describe: { ...ALWAYS, action: 'describe' },
  'set-access-addresses': { ...ALWAYS, action: 'set-access-addresses' },
  'set-disk-config': { ...ALWAYS, action: 'set-disk-config' },
  'replace-metadata': METADATA,
  'change-metadata': METADATA,
  'replace-tags': tags('update tags'),
  'clear-tags': tags('delete tags'),
  'add-tag': tags('update tag'),
  'remove-tag': tags('delete tag'),
  'set-hostname': { ...ALWAYS, action: 'set-hostname' },
  'post-password': { ...ALWAYS, action: 'post-password' },
  'clear-password': { ...ALWAYS, action: 'clear-password' },
  changePassword: { vmStates: ['active'], tasks: NO_TASK, action: 'changePassword' },
  crashDump: {
    vmStates: ['active', 'paused', 'rescued', 'resized', 'error'],
    tasks: NO_TASK,
    action: 'trigger_crash_dump',
  },
  // nova takes it always; a guest in error would be started
  injectNetworkInfo: {
    vmStates: ['active', 'paused', 'suspended', 'stopped'],
    tasks: NO_TASK,
    action: 'injectNetworkInfo',
  },
  // nova takes it always; Cairn only where no part of the server is elsewhere
  resetState: {
    vmStates: ['active', 'stopped', 'paused', 'suspended', 'rescued', 'error'],
    tasks: TASKS_OF_HOST,
    action: 'resetState',
  },
};

const rowOf = (title: string): Row | undefined => TABLE[title] ?? TABLE[title.split(' ')[0] ?? ''];

const lived: Instance = specOf(instance)(...running).state;

/** The same server with each task that something can have under way here. */
const BUSY: readonly Partial<Instance>[] = [
  {},
  { deletion: { operationId: 'another' } },
  { placement: newPlacement('launch', operation.notAfter) },
  ...REQUESTS.flatMap(({ name, input }) =>
    HOST_OPERATIONS.some((one) => one.name === name)
      ? [{ operation: { name, input, operationId: 'another', notAfter: operation.notAfter } }]
      : [],
  ),
];

function refusalOf(state: Instance, request: (typeof REQUESTS)[number]): DomainError | undefined {
  try {
    instance.decide(commandOf(request, NOW.at), state, NOW);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** What nova says, or undefined where it takes the action. */
function expected({ vmStates, tasks, action }: Row, vmState: string, task: string | null): string | undefined {
  const inTheWay = (attribute: string, value: string): string =>
    `Cannot '${action}' instance ${INSTANCE} while it is in ${attribute} ${value}`;
  if (vmStates !== 'any' && !vmStates.some((one) => one === vmState)) return inTheWay('vm_state', vmState);
  return tasks === 'any' || task === null || tasks.includes(task) ? undefined : inTheWay('task_state', task);
}

const OF_TENANTS = TENANT_REQUESTS.map((request) => [titleOf(request), request] as const);
const OF_HOSTS = REQUESTS.filter((request) => !TENANT_REQUESTS.includes(request));

describe('an operation is taken, or refused in nova’s words, in every state and task', () => {
  it.each(OF_TENANTS)('%s', (title, request) => {
    const row = rowOf(title);
    if (row === undefined) throw new Error(`add a row for ${title} to TABLE: the states in which nova takes it`);
    for (const vmState of VM_STATES)
      for (const busy of BUSY) {
        const state: Instance = { ...lived, vmState, ...busy };
        const task = taskState(state);
        const refusal = refusalOf(state, request);
        if (vmState === 'deleted') expect(refusal).toMatchObject({ kind: 'not-found', code: 'instance.not-found' });
        else expect([vmState, task, refusal?.message]).toEqual([vmState, task, expected(row, vmState, task)]);
        if (refusal !== undefined && vmState !== 'deleted')
          expect(refusal).toMatchObject({ kind: 'conflict', code: 'instance.invalid-state' });
      }
  });

  it.each(OF_TENANTS)('%s of a server that never was on a host', (title, request) => {
    const refusal = refusalOf({ ...lived, vmState: 'stopped', host: undefined }, request);
    const isOfHost = HOST_OPERATIONS.some(({ name }) => name === request.name);
    if (!isOfHost || expected(rowOf(title) as Row, 'stopped', null) !== undefined) return;
    expect(refusal).toMatchObject({ kind: 'conflict', code: 'instance.never-launched' });
    expect(refusal?.message).toBe(`Cannot '${rowOf(title)?.action ?? ''}' an instance which has never been active`);
  });

  it.each(OF_HOSTS)('what a host reports is never refused: $name', (request) => {
    for (const vmState of VM_STATES)
      for (const busy of BUSY) expect(refusalOf({ ...lived, vmState, ...busy }, request)).toBeUndefined();
  });
});

/** The powers of a guest that its host's memory holds. */
const IN_MEMORY = ['running', 'paused'];

describe('a guest that its host’s memory holds is restored after a restart of the host', () => {
  const targets = HOST_OPERATIONS.flatMap(({ target }) =>
    typeof target !== 'string' && 'power' in target && target.power !== 'unchanged'
      ? [{ vmState: target.vmState, power: target.power }]
      : [],
  );

  it.each(targets)('in $vmState, where its power is $power', ({ vmState, power }) => {
    expect(isInMemory(vmState)).toBe(IN_MEMORY.includes(power));
  });

  it('a state says the same power, whichever operation leads to it', () => {
    for (const { vmState, power } of targets) expect(powerIn({ vmState, former: undefined })).toBe(power);
  });
});
