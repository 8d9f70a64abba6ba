import { Body, Controller, Get, HttpCode, Inject, Ip, Post } from '@nestjs/common';
import { AUTHORITY_PATH, JOIN_PATH, type JoinAnswer, type JoinRequest } from '@cairn/host-protocol';
import { DomainError } from '@cairn/domain';

import type { RemoteConfig } from '../../config';
import { StoreAccess } from '../../remote-hosts/store-access';
import { type ToldStore, toldStore } from '../../remote-hosts/told-store';
import { BadRequest, CertificateAuthority } from '../../remote-hosts/authority';
import { Enrolments } from '../../remote-hosts/enrolments';
import { HttpProblem, NoReadModel, NoToken } from '../http';
import { LOG } from '../../application/core';
import type { Log } from '../../log';
import { isUuid } from './host-access';

export const REMOTE = Symbol('RemoteConfig');

/** How a machine becomes a host: it pins the authority by its token, then trades the token for what a host needs. */
@Controller()
@NoToken()
@NoReadModel()
export class JoinController {
  private readonly store: ToldStore;

  constructor(
    private readonly enrolments: Enrolments,
    private readonly authority: CertificateAuthority,
    private readonly access: StoreAccess,
    @Inject(REMOTE) private readonly remote: RemoteConfig,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.store = toldStore(remote);
  }

  @Get(AUTHORITY_PATH)
  certificate(): Promise<string> {
    return this.authority.certificate();
  }

  /** @throws HttpProblem 400 for what is no request, 403 for a token that does not let in. */
  @Post(JOIN_PATH)
  @HttpCode(200)
  async join(@Body() body: unknown, @Ip() address: string): Promise<JoinAnswer> {
    const { hostId, secret, certificateRequest } = checked(body);
    try {
      const joined = await this.enrolments.join(hostId, secret, certificateRequest, address);
      this.log.info('a host joined', { hostId, name: joined.name, address });
      const { login, storePassword, redisPassword, token } = joined.credentials;
      const { url, authority } = this.store;
      const user = this.access.loginOf(joined.credentials);
      return {
        name: joined.name,
        certificate: joined.certificate,
        token,
        eventStore: { url, user, password: storePassword, ...(authority !== undefined && { authority }) },
        redis: { url: this.remote.redisUrl, user: login, password: redisPassword },
      };
    } catch (error) {
      if (error instanceof BadRequest) throw new HttpProblem(400, error.message);
      if (!(error instanceof DomainError)) throw error;
      this.log.warn('a host was refused', { hostId, code: error.code, address });
      throw new HttpProblem(error.kind === 'unavailable' ? 503 : 403, error.message);
    }
  }
}

function checked(body: unknown): JoinRequest {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const { hostId, secret, certificateRequest } = fields;
  const areTexts = typeof secret === 'string' && typeof certificateRequest === 'string';
  if (typeof hostId === 'string' && isUuid(hostId) && areTexts && certificateRequest.length < 10_000)
    return { hostId, secret, certificateRequest };
  throw new HttpProblem(400, 'hostId, secret and certificateRequest are required.');
}
