import { streamName, streamRef } from '@cairn/domain';

import type { SealedAt } from '../../keyring/keyring';

/** Where a launch's user data is sealed. What is sealed is the decoded bytes. */
export const userDataAt = (instanceId: string): SealedAt => ({
  stream: streamName(streamRef('instance', instanceId)),
  field: 'userData',
});
