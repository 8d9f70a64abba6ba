import { type Enrolment, later, type EnrolmentCommand, streamRef } from '@cairn/domain';
import { createHash } from 'node:crypto';

import type { Keyring } from '../keyring/keyring';
import type { Random } from '../random';
import { type Clock, type CommandContext, type Executor, SYSTEM } from '../runtime/ports';
import { type CertificateAuthority, fingerprintOf } from './authority';
import { type HostCredentials, hostCredentials } from './credentials';
import type { RedisAccess } from './redis-access';
import type { StoreAccess } from './store-access';

/** How long a token may be used. */
export const TOKEN_MS = 15 * 60_000;
const TOKEN_BYTES = 32;
const PATIENCE_MS = 20_000;

export interface EnrolmentParts {
  readonly executor: Executor;
  readonly keyring: Pick<Keyring, 'mac'>;
  readonly authority: CertificateAuthority;
  readonly redis: RedisAccess;
  readonly store: StoreAccess;
  readonly clock: Clock;
  readonly random: Random;
}

/** What a host gets that joins: certificate and secrets, told once. */
export interface Joined {
  readonly name: string;
  readonly certificate: string;
  readonly credentials: HostCredentials;
}

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

const enrolmentOf = (hostId: string) => streamRef('enrolment', hostId);

/** Lets machines be hosts, and shuts them out. The log decides first; store and Redis follow from it. */
export class Enrolments {
  constructor(private readonly parts: EnrolmentParts) {}

  /** @returns the token, which is kept nowhere, and what it ends with: the fingerprint by which the joining host pins us */
  async issueToken(hostId: string, name: string): Promise<string> {
    const { authority, random, clock } = this.parts;
    const secret = random.bytes(TOKEN_BYTES).toString('hex');
    const expiresAt = later(clock.now(), TOKEN_MS);
    const data = { hostId, name, enrolmentId: random.uuid(), tokenHash: tokenHash(secret), expiresAt };
    await this.tell(hostId, { type: 'IssueToken', data }, 'cli', null);
    return [hostId, secret, fingerprintOf(await authority.certificate())].join('.');
  }

  /**
   * Uses a token up and gives its holder what a host needs.
   * @throws DomainError `enrolment.bad-token`; BadRequest
   */
  async join(hostId: string, secret: string, request: string, clientAddress: string): Promise<Joined> {
    const { authority, keyring } = this.parts;
    const hash = tokenHash(secret);
    const { token } = await this.enrolment(hostId);
    // A request that is not signed costs a process of openssl: only who has a token may cause that.
    const certificate = token?.tokenHash === hash ? await authority.issue(hostId, request) : '';
    const fingerprint = certificate === '' ? '' : fingerprintOf(certificate);
    const join = { type: 'JoinHost', data: { tokenHash: hash, certificate: fingerprint } } as const;
    await this.tell(hostId, join, 'hosts', clientAddress);
    const { name, member } = await this.settle(hostId, true);
    if (member?.certificate !== fingerprint) throw new Error('the host was revoked while it joined');
    const credentials = hostCredentials(keyring, { hostId, enrolmentId: member.enrolmentId });
    return { name, certificate, credentials };
  }

  /** Ends all that a host may do: at the controller with the event, at store and Redis right after. */
  async revoke(hostId: string): Promise<void> {
    await this.tell(hostId, { type: 'RevokeHost', data: {} }, 'cli', null);
    await this.settle(hostId, true);
  }

  /**
   * Gives every member what it should have, and nobody else: after a start, and when Redis has forgotten its users. What
   * a revocation could not end because store or Redis were away ends here.
   */
  async admitAll(hostIds: readonly string[]): Promise<void> {
    for (const hostId of hostIds) {
      const { hostId: enrolled } = await this.enrolment(hostId);
      if (enrolled !== '') await this.settle(hostId, false);
    }
  }

  enrolment(hostId: string): Promise<Enrolment> {
    return this.parts.executor.state(enrolmentOf(hostId));
  }

  /**
   * Brings store and Redis in line with the log, and looks again: another process may have revoked the host meanwhile, or
   * let it join again, and then its former secrets must not stay valid.
   * @param replacing: with new secrets in the place of old ones
   */
  private async settle(hostId: string, replacing: boolean): Promise<Enrolment> {
    const { executor, store, redis, keyring } = this.parts;
    let known = await executor.latest(enrolmentOf(hostId));
    for (let again = replacing; ; again = true) {
      if (known.member === null) {
        await store.shutOut(hostId);
        await redis.shutOut(hostId);
      } else {
        const credentials = hostCredentials(keyring, { hostId, enrolmentId: known.member.enrolmentId });
        await store.admit(hostId, credentials, again);
        await redis.admit(hostId, credentials);
      }
      const now = await executor.latest(enrolmentOf(hostId));
      if (now.member?.enrolmentId === known.member?.enrolmentId) return now;
      known = now;
    }
  }

  private async tell(
    hostId: string,
    command: EnrolmentCommand,
    api: string,
    clientAddress: string | null,
  ): Promise<void> {
    const { executor, clock, random } = this.parts;
    const commandId = random.uuid();
    const context: CommandContext = {
      commandId,
      actor: SYSTEM,
      api,
      requestId: `req-${random.uuid()}`,
      clientAddress,
      correlationId: commandId,
      causationId: commandId,
      deadline: later(clock.now(), PATIENCE_MS),
      unheard: true,
    };
    await executor.execute(enrolmentOf(hostId), command, context);
  }
}
