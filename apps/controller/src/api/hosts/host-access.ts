import { Injectable } from '@nestjs/common';
import { HOST_HEADER } from '@cairn/host-protocol';
import type { FastifyRequest } from 'fastify';
import { TLSSocket } from 'node:tls';

import { EnrolledHosts } from '../../application/host/enrolled-hosts';
import { HttpProblem } from '../http';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** Addresses of this machine itself, also as a socket of both families shows them. */
const isLoopback = (address: string | undefined): boolean =>
  address === undefined || /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.test(address);

/** Which host calls. Tenants' tokens count for nothing here, hosts' tokens nowhere else. */
@Injectable()
export class HostAccess {
  constructor(private readonly hosts: EnrolledHosts) {}

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
    if (isLoopback(socket.remoteAddress)) return this.hosts.isLocal(hostId, token);
    const how = './cairn host enroll NAME here, ./cairn host join there';
    throw new HttpProblem(403, `A host on another machine must be enrolled (${how}).`);
  }

  private async isMember(hostId: string, token: string, socket: TLSSocket): Promise<boolean> {
    const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
    return certificate !== undefined && this.hosts.isMember(hostId, token, certificate.raw);
  }
}
