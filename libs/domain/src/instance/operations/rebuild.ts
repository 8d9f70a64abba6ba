import type { LaunchRequest } from '../launch/request';
import type { BootImages } from '../spec';
import { type Instance, withRequest } from '../state';
import { hostOperation } from './definition';

/** What a rebuild may change besides the images; what is absent stays. */
type Described = Partial<
  Pick<
    LaunchRequest,
    | 'name'
    | 'description'
    | 'hostname'
    | 'metadata'
    | 'keyName'
    | 'publicKey'
    | 'userData'
    | 'files'
    | 'adminPass'
    | 'configDrive'
    | 'autoDiskConfig'
    | 'accessIpV4'
    | 'accessIpV6'
    | 'machine'
    | 'imageProperties'
    | 'hardware'
  >
>;

interface Rebuild {
  readonly changes: BootImages & Described;
  readonly preserveEphemeral: boolean;
}

/** Each rebuild has a password of its own. */
function withoutPassword(instance: Instance): Instance {
  if (instance.request === undefined) return instance;
  const { adminPass: _before, ...request } = instance.request;
  return { ...instance, request };
}

/** A host may lack the image. */
const LIMIT_MS = 30 * 60_000;

/**
 * Makes the root disk again, from the same image or another one. Id, addresses, host and flavor stay. What is on the disk
 * is lost, whether that succeeds or not.
 */
export const rebuild = hostOperation({
  name: 'rebuild',
  past: 'rebuilt',
  meaning: 'The server has a fresh root disk; it runs, or is off as it was before.',
  requestMeaning: 'Somebody asked to make the root disk of the server again, and what else should be different then.',
  allowed: { vmStates: ['active', 'stopped', 'error'] },
  task: 'rebuilding',
  told: { taken: 'rebuild_block_device_mapping', cleared: 'rebuild_spawning' },
  process: 2,
  closesWayBack: true, // the disks there would not be those that it was moved away from
  target: 'healed',
  begins(instance, { changes, preserveEphemeral }: Rebuild, operationId) {
    const { image: _replaced, ...disks } = instance.disks ?? {};
    return {
      ...withRequest(withoutPassword(instance), changes),
      disks: { ...disks, rootId: operationId, ...(preserveEphemeral ? {} : { ephemeralId: operationId }) },
    };
  },
  job: { kind: 'rebuild-instance' },
  limitMs: LIMIT_MS,
});
