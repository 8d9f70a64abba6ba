import type { FactoryProvider } from '@nestjs/common';
import { join } from 'node:path';

import type { ControllerConfig } from '../config';
import { BLOBS as FOLDER } from '../state-files';
import { BlobStore } from './blob-store';

/** Injection token of the `BlobStore`. */
export const BLOBS = Symbol('BlobStore');

/** The store in the state folder. Several in one process, or several controllers on one folder, do no harm. */
export const provideBlobs = ({ stateDir, imageMaxBytes }: ControllerConfig): FactoryProvider<BlobStore> => ({
  provide: BLOBS,
  useFactory: () => BlobStore.open({ root: join(stateDir, FOLDER), maxBytes: imageMaxBytes }),
});
