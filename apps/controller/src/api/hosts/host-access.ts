import { Inject, Injectable } from '@nestjs/common';
import { HOST_HEADER } from '@cairn/host-protocol';
import type { FastifyRequest } from 'fastify';

import type { Keyring } from '../../keyring/keyring';
import { HttpProblem, KEYRING } from '../http';
import { isHostToken } from '../../host-token';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** Which host calls. Tenants' tokens count for nothing here, hosts' tokens nowhere else. */
@Injectable()
export class HostAccess {
  constructor(@Inject(KEYRING) private readonly keyring: Keyring) {}

  /** The id of the host whose credential the request carries. @throws HttpProblem 401. */
  require({ headers }: FastifyRequest): string {
    const hostId = headers[HOST_HEADER];
    const [, token] = /^Bearer ([0-9a-f]+)$/i.exec(headers.authorization ?? '') ?? [];
    if (typeof hostId === 'string' && isUuid(hostId) && token !== undefined) {
      if (isHostToken(this.keyring, hostId, token)) return hostId;
    }
    throw new HttpProblem(401, 'The credential of a host is required.', { 'www-authenticate': 'Bearer' });
  }
}
