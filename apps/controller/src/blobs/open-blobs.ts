import { join } from 'node:path';

import type { ControllerConfig } from '../config';
import { BLOBS } from '../state-files';
import { BlobStore } from './blob-store';

/** The store in the state folder. Several controllers on one folder do no harm. */
export const openBlobs = ({ stateDir, imageMaxBytes }: ControllerConfig): Promise<BlobStore> =>
  BlobStore.open({ root: join(stateDir, BLOBS), maxBytes: imageMaxBytes });
