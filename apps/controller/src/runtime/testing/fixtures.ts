import { deriveId, type LaunchRequest } from '@cairn/domain';

import * as model from '../../../../../libs/domain/src/testing/model';

/** Valid ids that tell their purpose apart. */
export const idOf = (what: string, n = 1): string => deriveId('fixture', what, n);

/** A launch of a tiny server; without a network unless said otherwise. */
export const launchOf = (over: Partial<LaunchRequest> = {}): LaunchRequest =>
  model.launchOf({
    instanceId: idOf('instance'),
    projectId: idOf('project'),
    networks: [],
    notAfter: '2026-11-22T12:10:00.000Z',
    ...over,
  });
