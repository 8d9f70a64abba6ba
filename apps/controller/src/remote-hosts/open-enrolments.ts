import { StoreSecurity } from '@cairn/event-store';
import type { Redis } from 'ioredis';

import type { ControllerConfig, RemoteConfig } from '../config';
import { adminOf, isEmbedded, loginOf } from '../connect-store';
import { CertificateAuthority } from './authority';
import { type EnrolmentParts, Enrolments } from './enrolments';
import { RedisAccess } from './redis-access';
import { ownersOf, StoreAccess } from './store-access';

type Given = Pick<EnrolmentParts, 'executor' | 'keyring' | 'clock' | 'random'>;

/** The enrolments of a cloud, with the access lists of its store and Redis. */
export interface OpenEnrolments {
  readonly enrolments: Enrolments;
  readonly store: StoreAccess;
  close(): Promise<void>;
}

/** @throws Error when the administrator's login to the store is missing, or is refused */
export async function openEnrolments(
  config: ControllerConfig,
  remote: RemoteConfig,
  parts: Given,
  redis: Redis,
): Promise<OpenEnrolments> {
  const admin = adminOf(config);
  if (admin === undefined) throw new Error('enrolled hosts need an administrator of the store: eventStoreAdmin');
  const security = StoreSecurity.connect(config.eventStoreUrl, admin);
  const owners = ownersOf(loginOf(config)?.user, await security.users.all());
  const store = new StoreAccess(security, { owners, endsCalls: isEmbedded(remote) });
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
