import { z } from 'zod';

import { list, message, text, uuid } from './schema/bounds';

/** Where in its state folder an agent answers what `./cairn doctor` asks, by HTTP over a socket that root alone may use. */
export const DOCTOR_SOCKET = 'doctor.sock';

/** `GET` looks at the networks of the agent's hosts, `POST` also mends them first; both answer a `NetworkReport`. */
export const DOCTOR_NETWORK_PATH = '/network';

/** Bounds for what a host of any size tells. */
const MOST_FINDINGS = 1_000_000;
const MOST_HOSTS = 100_000;

const finding = z.object({
  topic: text(64),
  name: message(255),
  verdict: z.enum(['right', 'wrong', 'advice']),
  says: message(1024),
  networkId: uuid.exactOptional(),
  instanceId: uuid.exactOptional(),
  address: text(64).exactOptional(),
});

export const networkReport = z.object({
  hosts: list(z.object({ hostId: uuid, name: text(), findings: list(finding, MOST_FINDINGS) }), MOST_HOSTS),
});

export type NetworkFinding = z.infer<typeof finding>;
export type NetworkReport = z.infer<typeof networkReport>;
