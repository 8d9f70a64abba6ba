import { type FieldVersions, requireKnownFields } from '../shared/additional';
import type { ServerBody } from './create-server.dto';

/** The fields of a launch that not every microversion knows. */
const SERVER: FieldVersions = {
  description: { since: 19 },
  personality: { until: 56 },
  tags: { since: 52 },
  trusted_image_certificates: { since: 63 },
  host: { since: 74 },
  hypervisor_hostname: { since: 74 },
  hostname: { since: 90 },
};

/** nova lost the tags of devices on the way, and brought them back. */
const NETWORK: FieldVersions = { tag: [{ since: 32, until: 36 }, { since: 42 }] };
const DEVICE: FieldVersions = { tag: [{ since: 32, until: 32 }, { since: 42 }], volume_type: { since: 67 } };

/** @throws HttpProblem 400 for a field that the microversion does not know. */
export function requireLaunchFields(minor: number, server: ServerBody): void {
  requireKnownFields(minor, server, SERVER);
  const { networks = [], block_device_mapping_v2: devices = [] } = server;
  if (typeof networks !== 'string') for (const network of networks) requireKnownFields(minor, network, NETWORK);
  for (const device of devices) requireKnownFields(minor, device, DEVICE);
}
