/** Names that controller and agent share: queues, keys in Redis, and the paths of the hosts' HTTP port (8775). */

/** BullMQ's queue of one host. A uuid holds no ':' , which BullMQ refuses. */
export const hostQueue = (hostId: string): string => `host-${hostId}`;

/** Prefix of all of Cairn's keys in Redis, so that a Redis ACL can be written for it. */
export const REDIS_PREFIX = 'cairn';

/** A key with a time to live: there while the agent lives, its value is the boot id. */
export const livenessKey = (hostId: string): string => `${REDIS_PREFIX}:alive:${hostId}`;
export const LIVENESS_TTL_MS = 15_000;
export const LIVENESS_INTERVAL_MS = 5_000;

/** BullMQ is a pipe: these are the same wherever a queue or worker is made. */
export const WORKER_OPTIONS = {
  concurrency: 8,
  lockDuration: 5_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000,
} as const;

/** The agent's own stream. Only that agent appends to it. */
export const agentStream = (hostId: string): string => `agent-${hostId}`;

/**
 * The hosts' HTTP API on the metadata port. Every call carries `authorization: Bearer <token of the host>` and
 * `x-cairn-host: <host id>`.
 *  - GET  imagePath(imageId)                     the blob, if an instance that this host claims uses it; else 404
 *  - GET  drivePath(instance)                    what its configuration drive is to hold (`decodeDrive`), if this host claims it; else 404
 *  - POST snapshotPath(instance, image)          this host copies the disk now; 204, or 410 when the image is not wanted any more
 *  - PUT  snapshotPath(instance, image)          the image's bits, `application/octet-stream`: 204; 410 as above; 413 with the reason
 *  - GET  passwordPath(instance, generation)     the password that a job of that generation is to set, `text/plain`; else 404
 *  - GET  metadataPath + original path           headers `x-cairn-network`, `x-forwarded-for` = the guest's address
 *  - GET  consolePath(requestId)                 with `upgrade: cairn-console` (101): from then on the bytes of the console, both ways;
 *                                                404 when nobody waits for it
 *  - PUT  replyPath(requestId)                   the answer of a query, `text/plain` (200), or 404 when nobody waits
 */
export const imagePath = (imageId: string): string => `/v1/images/${imageId}`;
export const snapshotPath = (instanceId: string, imageId: string): string =>
  `/v1/instances/${instanceId}/images/${imageId}`;
export const drivePath = (instanceId: string): string => `/v1/instances/${instanceId}/config-drive`;
export const passwordPath = (instanceId: string, generation: number): string =>
  `/v1/instances/${instanceId}/passwords/${String(generation)}`;
export const METADATA_PATH = '/v1/metadata';
export const replyPath = (requestId: string): string => `/v1/replies/${requestId}`;
export const consolePath = (requestId: string): string => `/v1/consoles/${requestId}`;
export const CONSOLE_PROTOCOL = 'cairn-console';
export const HOST_HEADER = 'x-cairn-host';
export const NETWORK_HEADER = 'x-cairn-network';
