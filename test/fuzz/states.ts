import type { Asked, Node, Ref } from './asked';

/** Another flavor than the one that servers are launched with. */
const RESIZE: Node = { flavorRef: '2' };

type Step = readonly [action: string, value: Node, then?: Asked['then']];

/** What leads from ACTIVE to each state that a server can be in, its task included. */
export const STATES: Readonly<Record<string, readonly Step[]>> = {
  ACTIVE: [],
  'ACTIVE, locked': [['lock', null]],
  SHUTOFF: [['os-stop', null]],
  PAUSED: [['pause', null]],
  SUSPENDED: [['suspend', null]],
  RESCUE: [['rescue', null]],
  VERIFY_RESIZE: [['resize', RESIZE]],
  'SHELVED or SHELVED_OFFLOADED': [['shelve', null]],
  ERROR: [['os-resetState', { state: 'error' }]],
  'ERROR, stopped': [
    ['os-stop', null],
    ['os-resetState', { state: 'error' }],
  ],
  'ERROR, after a refused resize': [['resize', RESIZE, 'impossible']],
  REBOOT: [['reboot', { type: 'HARD' }, 'nothing']],
  'ACTIVE, powering off': [['os-stop', null, 'nothing']],
  RESIZE: [['resize', RESIZE, 'nothing']],
  REVERT_RESIZE: [
    ['resize', RESIZE],
    ['revertResize', null, 'nothing'],
  ],
  'ACTIVE, shelving': [['shelve', null, 'nothing']],
  'ACTIVE, imaging': [['createImage', { name: 'image' }, 'nothing']],
};

const ACTION = 'compute POST /servers/{id}/action';

/** What these requests have in common. */
const PLAIN = { spelling: 0, who: 'admin', query: [], then: 'settle' } as const;

const NEWEST: Ref = { $ref: 'servers', whose: 'own', at: 0 };

/** A request for an action on the newest server. */
export const acting = (action: string, value: Node, then: Asked['then'] = 'settle'): Asked => ({
  ...PLAIN,
  operation: `${ACTION} ${action}`,
  params: [NEWEST],
  headers: { 'content-type': 'application/json', 'openstack-api-version': 'compute 2.30' },
  body: { [action]: value },
  then,
});

export const LAUNCH: Asked = {
  ...PLAIN,
  operation: 'compute POST /servers',
  params: [],
  headers: { 'content-type': 'application/json' },
  body: {
    server: { name: { $unique: 'server' }, flavorRef: '1', imageRef: { $ref: 'images', whose: 'own', at: 0.99 } },
  },
};

/** The newest server is deleted. */
export const DELETION: Asked = {
  ...PLAIN,
  operation: 'compute DELETE /servers/{id}',
  params: [NEWEST],
  headers: {},
};

/** The same where deleted servers can be restored for a while. */
export const CLEARANCE: Asked = acting('forceDelete', null);

/** What is done with a server that is to be in a state: launched, and led there. */
export const reaching = (state: string): readonly Asked[] => [
  LAUNCH,
  ...(STATES[state] ?? []).map(([action, value, then]) => acting(action, value, then)),
];

/** States from which an action is allowed that is not allowed from ACTIVE. */
const FROM: Readonly<Record<string, string>> = {
  'os-start': 'SHUTOFF',
  unpause: 'PAUSED',
  resume: 'SUSPENDED',
  unrescue: 'RESCUE',
  confirmResize: 'VERIFY_RESIZE',
  revertResize: 'VERIFY_RESIZE',
  shelveOffload: 'SHELVED or SHELVED_OFFLOADED',
  unshelve: 'SHELVED or SHELVED_OFFLOADED',
};

/** What else makes a server ready for an action. */
const AFTER: Readonly<Record<string, readonly Asked[]>> = {
  restore: [DELETION],
  addSecurityGroup: [acting('removeSecurityGroup', { name: 'default' })],
};

/** What makes a server that an action may be asked of. */
export const readyFor = (action: string): readonly Asked[] => [
  ...reaching(FROM[action] ?? 'ACTIVE'),
  ...(AFTER[action] ?? []),
];
