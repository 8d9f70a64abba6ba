import { Inject, Injectable } from '@nestjs/common';
import { streamRef } from '@cairn/domain';
import { createHash } from 'node:crypto';

import { isHostToken, isSecret } from '../../host-token';
import type { Keyring } from '../../keyring/keyring';
import { hostCredentials } from '../../remote-hosts/credentials';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, KEYRING } from '../core';

/** Authenticates hosts. */
@Injectable()
export class EnrolledHosts {
  constructor(
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  /** Authenticates a host on this machine. */
  isLocal(hostId: string, token: string): boolean {
    return isHostToken(this.keyring, hostId, token);
  }

  /**
   * Authenticates a host on another machine, whose enrolment must be valid. Reads the enrolment from the store, so that
   * a revocation by another process takes effect with its append.
   * @param certificate of the connection, DER.
   */
  async isMember(hostId: string, token: string, certificate: Buffer): Promise<boolean> {
    const { member } = await this.executor.latest(streamRef('enrolment', hostId));
    const fingerprint = createHash('sha256').update(certificate).digest('hex');
    if (member?.certificate !== fingerprint) return false;
    const { enrolmentId } = member;
    return isSecret(token, hostCredentials(this.keyring, { hostId, enrolmentId }).token);
  }
}
