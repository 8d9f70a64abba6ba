import { Inject, Injectable } from '@nestjs/common';
import type { Enrolment } from '@cairn/domain';
import { HOST_HEADER } from '@cairn/host-protocol';
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { TLSSocket } from 'node:tls';

import type { Keyring } from '../../keyring/keyring';
import { isHostToken, isSecret } from '../../host-token';
import { hostCredentials } from '../../remote-hosts/credentials';
import type { Executor } from '../../runtime/ports';
import { EXECUTOR, KEYRING } from '../../application/core';
import { HttpProblem } from '../http';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** Addresses of this machine itself, also as a socket of both families shows them. */
const isLoopback = (address: string | undefined): boolean =>
  address === undefined || /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.test(address);

/** Which host calls. Tenants' tokens count for nothing here, hosts' tokens nowhere else. */
@Injectable()
export class HostAccess {
  constructor(
    @Inject(KEYRING) private readonly keyring: Keyring,
    @Inject(EXECUTOR) private readonly executor: Executor,
  ) {}

  /**
   * The id of the host whose credential the request carries: a token on this machine, from elsewhere token and certificate
   * of an enrolment that holds. @throws HttpProblem 401; 403 from elsewhere without TLS.
   */
  async require({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>): Promise<string> {
    const hostId = headers[HOST_HEADER];
    const [, token] = /^Bearer ([0-9a-f]+)$/i.exec(headers.authorization ?? '') ?? [];
    if (typeof hostId === 'string' && isUuid(hostId) && token !== undefined) {
      if (
        socket instanceof TLSSocket ? await this.isMember(hostId, token, socket) : this.isLocal(hostId, token, socket)
      )
        return hostId;
    }
    throw new HttpProblem(401, 'The credential of a host is required.', { 'www-authenticate': 'Bearer' });
  }

  private isLocal(hostId: string, token: string, socket: FastifyRequest['socket']): boolean {
    if (isLoopback(socket.remoteAddress)) return isHostToken(this.keyring, hostId, token);
    const how = './cairn host enroll NAME here, ./cairn host join there';
    throw new HttpProblem(403, `A host on another machine must be enrolled (${how}).`);
  }

  private async isMember(hostId: string, token: string, socket: TLSSocket): Promise<boolean> {
    const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
    if (certificate === undefined) return false;
    // Read anew: a revocation by another process counts from when it is in the log, not from when we hear of it.
    const { member } = await this.executor.latest<Enrolment>({ category: 'enrolment', id: hostId });
    const fingerprint = createHash('sha256').update(certificate.raw).digest('hex');
    if (member?.certificate !== fingerprint) return false;
    const { enrolmentId } = member;
    return isSecret(token, hostCredentials(this.keyring, { hostId, enrolmentId }).token);
  }
}
