import type { DocumentedCloud } from './documented-cloud';

/** A field of `POST /servers` as it was asked for, and what came of it. */
export interface FieldAnswer {
  readonly field: string;
  readonly status: number;
}

type Server = Readonly<Record<string, unknown>>;
interface Probe {
  readonly field: string;
  readonly server: Server;
  /** Minor microversion to ask in; 1 unless told. */
  readonly minor?: number;
  /** As an administrator, not as a tenant. */
  readonly admin?: boolean;
}

const GROUP = '1a4e0000-0000-4000-8000-00000000beef';

function probes({ image, network }: DocumentedCloud['known']): readonly Probe[] {
  const device = { source_type: 'image', destination_type: 'local', boot_index: 0, uuid: image };
  const volume = { source_type: 'volume', destination_type: 'volume', boot_index: 0, uuid: GROUP };
  return [
    { field: '`metadata`', server: { metadata: { a: 'b' } } },
    { field: '`user_data`', server: { user_data: 'IyEvYmluL3NoCg==' } },
    { field: '`key_name`', server: { key_name: 'k' } },
    { field: '`min_count`, `max_count`', server: { min_count: 1, max_count: 2 } },
    { field: '`return_reservation_id`', server: { return_reservation_id: true } },
    { field: '`availability_zone`: a zone', server: { availability_zone: 'nova' } },
    {
      field: '`availability_zone`: `zone:host`, as an administrator',
      server: { availability_zone: 'nova:node1' },
      admin: true,
    },
    { field: '`availability_zone`: `zone:host`, as a tenant', server: { availability_zone: 'nova:node1' } },
    { field: '`security_groups`: `default`', server: { security_groups: [{ name: 'default' }] } },
    { field: '`security_groups`: another one', server: { security_groups: [{ name: 'web' }] } },
    { field: '`adminPass`', server: { adminPass: 'secret' } },
    { field: '`description`, from 2.19', server: { description: 'd' }, minor: 19 },
    { field: '`OS-DCF:diskConfig`', server: { 'OS-DCF:diskConfig': 'AUTO' } },
    { field: '`networks`: a network', server: { networks: [{ uuid: network }] } },
    { field: '`networks`: with `fixed_ip`', server: { networks: [{ uuid: network, fixed_ip: '10.0.0.77' }] } },
    { field: '`networks`: a `port`', server: { networks: [{ port: GROUP }] } },
    { field: '`networks`: with a `tag`', server: { networks: [{ uuid: network, tag: 't' }] }, minor: 37 },
    { field: '`networks`: `auto` or `none`, from 2.37', server: { networks: 'none' }, minor: 37 },
    { field: '`block_device_mapping_v2`: the image on its local disk', server: { block_device_mapping_v2: [device] } },
    { field: '`block_device_mapping_v2`: a volume', server: { imageRef: '', block_device_mapping_v2: [volume] } },
    {
      field: '`block_device_mapping_v2`: empty local disks and a swap',
      server: {
        block_device_mapping_v2: [device, { source_type: 'blank', destination_type: 'local', boot_index: -1 }],
      },
    },
    {
      field: '`block_device_mapping`: ephemeral disk, swap',
      server: { block_device_mapping: [{ virtual_name: 'swap' }] },
    },
    { field: '`block_device_mapping`: a volume', server: { block_device_mapping: [{ volume_id: GROUP }] } },
    { field: '`config_drive`: false', server: { config_drive: false } },
    { field: '`config_drive`: true', server: { config_drive: true } },
    { field: '`personality` (injected files)', server: { personality: [{ path: '/a', contents: 'YQ==' }] } },
    { field: '`accessIPv4`, `accessIPv6`', server: { accessIPv4: '192.0.2.1' } },
    {
      field: '`os:scheduler_hints`: `same_host`, `different_host`, `build_near_host_ip`',
      server: { 'os:scheduler_hints': { same_host: GROUP } },
    },
    {
      field: '`os:scheduler_hints`: `query` (unless `JsonFilter` is chosen)',
      server: { 'os:scheduler_hints': { query: ['=', 1, 1] } },
    },
    { field: '`os:scheduler_hints`: others', server: { 'os:scheduler_hints': { reservation: GROUP } } },
    { field: 'a field that nobody knows', server: { colour: 'blue' } },
  ];
}

/** Launches a server with each field, every one in a project of its own. */
export async function launchFields(cloud: DocumentedCloud): Promise<readonly FieldAnswer[]> {
  const answers: FieldAnswer[] = [];
  for (const [i, { field, server, minor = 1, admin = false }] of probes(cloud.known).entries()) {
    const token = admin ? 'admin' : `t${String(100 + i)}`;
    if (server['key_name'] !== undefined)
      await cloud.status('compute', 'POST', '/v2.1/os-keypairs', { keypair: { name: 'k' } }, token);
    const body = { server: { name: 'web', flavorRef: '1', imageRef: cloud.known['image'], ...server } };
    answers.push({ field, status: await cloud.status('compute', 'POST', '/v2.1/servers', body, token, minor) });
  }
  return answers;
}
