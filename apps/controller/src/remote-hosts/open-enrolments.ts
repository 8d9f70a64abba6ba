import { StoreSecurity } from '@cairn/event-store';
import type { Redis } from 'ioredis';

import type { ControllerConfig, RemoteConfig } from '../config';
import { storeLogin } from '../connect-store';
import { CertificateAuthority } from './authority';
import { type EnrolmentParts, Enrolments } from './enrolments';
import { RedisAccess } from './redis-access';
import { StoreAccess } from './store-access';

type Given = Pick<EnrolmentParts, 'executor' | 'keyring' | 'clock' | 'random'>;

/** The enrolments of a cloud, with the access lists of its store and Redis. */
export interface OpenEnrolments {
  readonly enrolments: Enrolments;
  readonly store: StoreAccess;
  close(): Promise<void>;
}

export function openEnrolments(
  { eventStoreUrl }: ControllerConfig,
  remote: RemoteConfig,
  parts: Given,
  redis: Redis,
): OpenEnrolments {
  const security = StoreSecurity.connect(eventStoreUrl, storeLogin(remote));
  const store = new StoreAccess(security);
  const { executor, keyring, clock, random } = parts;
  const authority = new CertificateAuthority(remote.pki);
  const enrolments = new Enrolments({
    executor,
    keyring,
    clock,
    random,
    authority,
    store,
    redis: new RedisAccess(redis),
  });
  return { enrolments, store, close: () => security.close() };
}
