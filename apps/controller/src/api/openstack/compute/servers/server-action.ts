import type { ServerOperation } from '../../../../application/server/server-operations.handler';
import { badRequest, notBuilt } from '../shared/additional';
import { isInteger, shown } from '../shared/validators';

/** What a body of `POST /servers/{id}/action` asks for, and the rule of policy that allows it. */
export type ServerActionRequest =
  | { readonly kind: 'operation'; readonly operation: ServerOperation; readonly rule: string }
  | { readonly kind: 'console'; readonly lines: number | null; readonly rule: string };

/** nova 26.1's actions that Cairn does not have yet. */
const NOT_BUILT = new Set([
  'addFixedIp',
  'addFloatingIp',
  'addSecurityGroup',
  'changePassword',
  'confirmResize',
  'createBackup',
  'createImage',
  'evacuate',
  'injectNetworkInfo',
  'lock',
  'migrate',
  'os-getRDPConsole',
  'os-getSerialConsole',
  'os-getSPICEConsole',
  'os-getVNCConsole',
  'os-migrateLive',
  'os-resetState',
  'pause',
  'rebuild',
  'removeFixedIp',
  'removeFloatingIp',
  'removeSecurityGroup',
  'rescue',
  'resetNetwork',
  'resize',
  'restore',
  'resume',
  'revertResize',
  'shelve',
  'shelveOffload',
  'suspend',
  'trigger_crash_dump',
  'unlock',
  'unpause',
  'unrescue',
  'unshelve',
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ruleOf = (name: string): string => `os_compute_api:${name}`;

const operation = (what: ServerOperation, rule: string): ServerActionRequest => ({
  kind: 'operation',
  operation: what,
  rule: ruleOf(rule),
});

function reboot(value: unknown): ServerActionRequest {
  const type = isObject(value) ? value['type'] : undefined;
  if (isObject(value)) refuseOthers(value, 'type');
  const word = typeof type === 'string' ? type.toLowerCase() : '';
  if (word === 'soft' || word === 'hard') return operation({ kind: 'reboot', type: word }, 'servers:reboot');
  throw badRequest(`Invalid input for field/attribute type. Value: ${shown(type)}. It must be HARD or SOFT.`);
}

/** No length, or -1, is all that there is. */
function consoleOutput(value: unknown): ServerActionRequest {
  if (value !== null && !isObject(value)) throw malformed();
  const length = value?.['length'] ?? null;
  if (value !== null) refuseOthers(value, 'length');
  if (length !== null && !isInteger(length, -1, 2 ** 31 - 1))
    throw badRequest(
      `Invalid input for field/attribute length. Value: ${shown(length)}. It must be an integer of at least -1.`,
    );
  const lines = length === null || Number(length) === -1 ? null : Number(length);
  return { kind: 'console', lines, rule: ruleOf('os-console-output') };
}

function refuseOthers(value: Readonly<Record<string, unknown>>, known: string): void {
  const other = Object.keys(value).find((key) => key !== known);
  if (other !== undefined)
    throw badRequest(`Additional properties are not allowed ('${other.slice(0, 255)}' was unexpected)`);
}

const malformed = (): Error => badRequest('Malformed request body');

/** @throws HttpProblem 400 for a body that is no action, 501 for one that Cairn does not have. */
export function serverAction(body: unknown): ServerActionRequest {
  if (!isObject(body)) throw malformed();
  const [[name, value] = ['', null], ...others] = Object.entries(body);
  if (others.length > 0) throw badRequest('Malformed message body: too many body keys');
  switch (name) {
    case 'os-start':
      return operation({ kind: 'start' }, 'servers:start');
    case 'os-stop':
      return operation({ kind: 'stop' }, 'servers:stop');
    case 'forceDelete':
      return operation({ kind: 'delete' }, 'os-deferred-delete:force');
    case 'reboot':
      return reboot(value);
    case 'os-getConsoleOutput':
      return consoleOutput(value);
    case '':
      throw malformed();
    default:
      if (NOT_BUILT.has(name)) throw notBuilt();
      throw badRequest(`There is no such action: ${name.slice(0, 255)}`);
  }
}
