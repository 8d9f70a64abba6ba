import type { InputOf, Nothing, OperationName, OperationRequest } from '@cairn/domain';
import type { Rights } from '../../../../policy/rights';
import { HttpProblem, isObject, isOfLength, isStorable, shown } from '../../../http';
import { getRdpConsole, getSerialConsole, getSpiceConsole, getVncConsole } from '../consoles/console-actions';
import { addSecurityGroup, removeSecurityGroup } from '../security-groups/group-action';
import { actionIn, malformed, noSuchAction } from '../shared/action-body';
import { gone, invalidField, requireKnown } from '../shared/additional';
import { isIn, type Versions } from '../shared/representation';
import { isInteger } from '../shared/validators';
import type { CommandAction } from './command-action';
import { addFloatingIp, removeFloatingIp } from './floating-ip-actions';
import { addFixedIp, removeFixedIp } from './interface-requests';
import { evacuate, migrateLive } from './live-actions';
import { changePassword } from './password-action';
import { confirmResize, migrate, resize } from './move-actions';
import { rebuild, rescue } from './rebuild-actions';
import { shelve, unshelve } from './shelve-actions';
import { createBackup, createImage } from './snapshot-actions';

/** The request in a body of `POST /servers/{id}/action`, and the policy rule that allows it. */
export type ServerActionRequest =
  | { readonly kind: 'operation'; readonly operation: OperationRequest; readonly rule: string }
  | { readonly kind: 'console'; readonly lines: number | null; readonly rule: string }
  | CommandAction;

/** What else than its body decides how an action is read. */
export interface ActionAsker {
  readonly rights: Pick<Rights, 'may'>;
  /** The microversion. */
  readonly minor: number;
}

interface Action {
  /** The operation that it asks for, where it takes nothing. */
  readonly name?: OperationName;
  /** The microversions that have it; in others it is a 404. Absent: all. */
  readonly versions?: Versions;
  /** Reads the value of the action's key. @throws HttpProblem 400 for a wrong value */
  readonly read: (value: unknown, asker: ActionAsker) => ServerActionRequest;
}

/** Names of operations that take nothing from their caller. */
type Plain = { [Name in OperationName]: Nothing extends InputOf<Name> ? Name : never }[OperationName];

const ruleOf = (name: string): string => `os_compute_api:${name}`;

const plain = (name: Plain, rule: string): Action => ({
  name,
  read: () => ({ kind: 'operation', operation: { name, input: {} }, rule: ruleOf(rule) }),
});

const operation = (rule: string, read: (value: unknown, asker: ActionAsker) => OperationRequest): Action => ({
  read: (value, asker) => ({ kind: 'operation', operation: read(value, asker), rule: ruleOf(rule) }),
});

/** What the network service does since 2.44. */
const proxy = (read: Action['read']): Action => ({ read, versions: { until: 43 } });

/** What `remote-consoles` does since 2.6. */
const oldConsole = (read: Action['read']): Action => ({ read, versions: { until: 5 } });

/** What nova removed, and answers so from every microversion. */
const removed: Action = {
  read: () => {
    throw gone();
  },
};

/** An action that a microversion brings; before, there is none of that name. */
const since = (first: number, action: Action): Action => ({ ...action, versions: { since: first } });

/** nova 26.1's actions, and what each asks for in Cairn. */
const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['addFixedIp', proxy(addFixedIp)],
  ['addFloatingIp', proxy(addFloatingIp)],
  ['addSecurityGroup', { read: addSecurityGroup }],
  ['changePassword', { read: changePassword }],
  ['confirmResize', { name: 'confirmResize', read: confirmResize }],
  ['createBackup', { read: createBackup }],
  ['createImage', { read: createImage }],
  ['evacuate', { read: evacuate }],
  ['forceDelete', plain('delete', 'os-deferred-delete:force')],
  ['injectNetworkInfo', plain('injectNetworkInfo', 'os-admin-actions:inject_network_info')],
  ['lock', { ...operation('os-lock-server:lock', lock), name: 'lock' }],
  ['migrate', { read: migrate }],
  ['os-getConsoleOutput', { read: consoleOutput }],
  ['os-getRDPConsole', oldConsole(getRdpConsole)],
  ['os-getSerialConsole', oldConsole(getSerialConsole)],
  ['os-getSPICEConsole', oldConsole(getSpiceConsole)],
  ['os-getVNCConsole', oldConsole(getVncConsole)],
  ['os-migrateLive', { read: migrateLive }],
  ['os-resetState', operation('os-admin-actions:reset_state', resetState)],
  ['os-start', plain('start', 'servers:start')],
  ['os-stop', plain('stop', 'servers:stop')],
  ['pause', plain('pause', 'os-pause-server:pause')],
  ['reboot', operation('servers:reboot', reboot)],
  ['rebuild', { read: rebuild }],
  ['removeFixedIp', proxy(removeFixedIp)],
  ['removeFloatingIp', proxy(removeFloatingIp)],
  ['removeSecurityGroup', { read: removeSecurityGroup }],
  ['rescue', { read: rescue }],
  ['resetNetwork', removed],
  ['resize', { read: resize }],
  ['restore', plain('undelete', 'os-deferred-delete:restore')],
  ['resume', plain('resume', 'os-suspend-server:resume')],
  ['revertResize', plain('revertResize', 'servers:revert_resize')],
  ['shelve', { name: 'shelve', read: shelve }],
  ['shelveOffload', plain('shelveOffload', 'os-shelve:shelve_offload')],
  ['suspend', plain('suspend', 'os-suspend-server:suspend')],
  ['trigger_crash_dump', since(17, plain('crashDump', 'servers:trigger_crash_dump'))],
  ['unlock', { name: 'unlock', read: unlock }],
  ['unpause', plain('unpause', 'os-pause-server:unpause')],
  ['unrescue', plain('unrescue', 'os-unrescue')],
  ['unshelve', { name: 'unshelve', read: unshelve }],
]);

/** The words of the API. */
export const ACTION_WORDS: readonly string[] = [...ACTIONS.keys()];

/** Whether a microversion has the action. */
export const isActionIn = (minor: number, word: string): boolean => isIn(minor, ACTIONS.get(word)?.versions ?? {});

/** The word of the API that asks for an operation which takes nothing. */
export const actionWord = (name: OperationName): string | undefined =>
  [...ACTIONS].find(([, action]) => action.name === name)?.[0];

function reboot(value: unknown): OperationRequest {
  const type = isObject(value) ? value['type'] : undefined;
  if (isObject(value)) requireKnown(Object.keys(value), ['type']);
  const rebootType = typeof type === 'string' ? type.toLowerCase() : '';
  if (rebootType === 'soft' || rebootType === 'hard') return { name: 'reboot', input: { rebootType } };
  throw invalidField('type', type, 'It must be HARD or SOFT.');
}

function unlock(_value: unknown, { rights }: ActionAsker): ServerActionRequest {
  const override = rights.may(ruleOf('os-lock-server:unlock:unlock_override'));
  return {
    kind: 'operation',
    operation: { name: 'unlock', input: { override } },
    rule: ruleOf('os-lock-server:unlock'),
  };
}

/** Why, from 2.73 on; before, whatever stands in the body counts for nothing. */
function lock(value: unknown, { minor }: ActionAsker): OperationRequest {
  if (minor < 73 || value === null) return { name: 'lock', input: {} };
  if (!isObject(value)) throw malformed();
  requireKnown(Object.keys(value), ['locked_reason']);
  const reason = value['locked_reason'];
  if (reason === undefined) return { name: 'lock', input: {} };
  if (typeof reason === 'string' && isOfLength(reason, 1, 255) && isStorable(reason))
    return { name: 'lock', input: { reason } };
  throw invalidField('locked_reason', reason, 'It must be text of 1 to 255 characters.');
}

function resetState(value: unknown): OperationRequest {
  if (!isObject(value)) throw malformed();
  requireKnown(Object.keys(value), ['state']);
  const state = value['state'];
  if (state === 'active' || state === 'error') return { name: 'resetState', input: { vmState: state } };
  throw invalidField('state', state, `${shown(state)} is not one of ['active', 'error']`);
}

/** No length, or -1, is all that there is. */
function consoleOutput(value: unknown): ServerActionRequest {
  if (value !== null && !isObject(value)) throw malformed();
  const length = value?.['length'] ?? null;
  if (value !== null) requireKnown(Object.keys(value), ['length']);
  if (length !== null && !isInteger(length, -1, 2 ** 31 - 1))
    throw invalidField('length', length, 'It must be an integer of at least -1.');
  const lines = length === null || Number(length) === -1 ? null : Number(length);
  return { kind: 'console', lines, rule: ruleOf('os-console-output') };
}

/** @throws HttpProblem 400 for a body that is no action, 501 for one that Cairn does not have. */
export function serverAction(body: unknown, asker: ActionAsker): ServerActionRequest {
  const [name, value] = actionIn(body);
  const action = ACTIONS.get(name);
  if (action === undefined) throw noSuchAction(name);
  if (!isIn(asker.minor, action.versions ?? {})) throw new HttpProblem(404);
  return action.read(value, asker);
}
