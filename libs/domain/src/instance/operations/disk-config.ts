import { withRequest } from '../state';
import { irregularImmediateOperation } from './definition';

interface DiskConfig {
  /** True for OS-DCF:diskConfig AUTO, false for MANUAL. */
  readonly autoDiskConfig: boolean;
}

/** Sets how the next build of the disk treats its partitions. The present disk stays as it is. */
export const setDiskConfig = irregularImmediateOperation('SetDiskConfig', {
  name: 'set-disk-config',
  past: 'disk-config-set',
  meaning: 'The tenant says how the disk is treated when the server is next built on one.',
  allowed: { vmStates: 'any', tasks: 'any' },
  isListed: false,
  ignoresLock: true,
  decide: ({ autoDiskConfig }: DiskConfig, { request }) =>
    request?.autoDiskConfig === autoDiskConfig ? null : { autoDiskConfig },
  evolve: (instance, { autoDiskConfig }) => withRequest(instance, { autoDiskConfig }),
});
