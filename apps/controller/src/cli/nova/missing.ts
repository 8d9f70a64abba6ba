/** What commands of the guide's `nova` need that Cairn does not have. */
const BLOCK_STORAGE = 'block storage (Cinder)';
const CLOUDPIPE = 'VLAN networks and their VPN (cloudpipe)';
const CERTIFICATES = 'the certificates of X.509 credentials';
const CELLS = 'more than one cell';
const BARE_METAL = 'bare metal';

const each = (what: string, ...commands: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(commands.map((command) => [command, what]));

/** Commands that are refused, each with what is missing. */
export const MISSING: Readonly<Record<string, string>> = {
  ...each(BLOCK_STORAGE, 'volume-list', 'volume-show', 'volume-create', 'volume-delete', 'volume-snapshot-list'),
  ...each(BLOCK_STORAGE, 'volume-snapshot-show', 'volume-snapshot-create', 'volume-snapshot-delete'),
  ...each(BLOCK_STORAGE, 'volume-type-list', 'volume-type-create', 'volume-type-delete'),
  ...each(BLOCK_STORAGE, 'volume-attach', 'volume-detach', 'volume-update', 'volume-attachments'),
  ...each(CLOUDPIPE, 'cloudpipe-configure', 'cloudpipe-create', 'cloudpipe-list'),
  ...each(CERTIFICATES, 'x509-create-cert', 'x509-get-root-cert'),
  ...each('this command: use nova interface-attach', 'add-fixed-ip'),
  ...each('this command: use nova interface-detach', 'remove-fixed-ip'),
  ...each(CELLS, 'cell-show', 'cell-capacities'),
  ...each(BARE_METAL, 'baremetal-node-create', 'baremetal-node-delete', 'baremetal-node-list', 'baremetal-node-show'),
  ...each(BARE_METAL, 'baremetal-interface-add', 'baremetal-interface-list', 'baremetal-interface-remove'),
  ...each('changes of the properties of images by nova: use glance image-update', 'image-meta'),
};

/** Old names of commands that Debian's `nova` has under others. */
export const RENAMED: Readonly<Record<string, string>> = {
  'root-password': 'set-password',
  'aggregate-details': 'aggregate-show',
  'server-migrate': 'migrate',
};

/** Those of the guide's time that Debian's `nova` still answers. */
export const DEBIANS: readonly string[] = [
  ...[
    'boot',
    'list',
    'show',
    'delete',
    'start',
    'stop',
    'reboot',
    'rebuild',
    'resize',
    'resize-confirm',
    'resize-revert',
  ],
  ...['pause', 'unpause', 'suspend', 'resume', 'rescue', 'unrescue', 'lock', 'unlock', 'shelve', 'shelve-offload'],
  ...['unshelve', 'migrate', 'live-migration', 'evacuate', 'host-evacuate', 'backup', 'image-create', 'console-log'],
  ...[
    'get-vnc-console',
    'get-spice-console',
    'get-rdp-console',
    'get-password',
    'clear-password',
    'set-password',
    'meta',
  ],
  ...['diagnostics', 'reset-state', 'reset-network', 'instance-action', 'instance-action-list', 'list-secgroup', 'ssh'],
  ...['interface-attach', 'interface-detach', 'interface-list', 'force-delete', 'restore', 'refresh-network'],
  ...['add-secgroup', 'remove-secgroup'],
  ...['flavor-list', 'flavor-show', 'flavor-create', 'flavor-delete', 'flavor-key', 'flavor-access-add'],
  ...['flavor-access-list', 'flavor-access-remove', 'keypair-add', 'keypair-delete', 'keypair-list', 'keypair-show'],
  ...['aggregate-add-host', 'aggregate-create', 'aggregate-delete', 'aggregate-list', 'aggregate-remove-host'],
  ...['aggregate-cache-images', 'aggregate-set-metadata', 'aggregate-show', 'aggregate-update'],
  ...['availability-zone-list', 'service-list', 'service-enable', 'service-disable'],
  ...['hypervisor-list', 'hypervisor-servers', 'hypervisor-show', 'hypervisor-stats'],
  ...['hypervisor-uptime', 'quota-show', 'quota-update', 'quota-delete', 'quota-defaults'],
  ...['quota-class-show', 'quota-class-update', 'usage', 'usage-list', 'limits', 'migration-list', 'agent-list'],
];
