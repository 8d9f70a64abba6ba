import { streamName, streamRef } from '@cairn/domain';

import type { SealedAt } from '../../keyring/keyring';

/** Encrypts a launch's user data, as decoded bytes. */
export const userDataAt = (instanceId: string): SealedAt => ({
  stream: streamName(streamRef('instance', instanceId)),
  field: 'userData',
});
