import { All, Controller, Get, HttpCode, Inject, Req, Res } from '@nestjs/common';
import { DomainError } from '@cairn/domain';
import { METADATA_PATH, NETWORK_HEADER } from '@cairn/host-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isIPv4 } from 'node:net';
import { Readable } from 'node:stream';

import type { Clock } from '../../runtime/ports';
import { HostAccess, isUuid } from '../hosts/host-access';
import { CLOCK, RANDOM } from '../../application/core';
import { collect, HttpProblem, NoReadModel, NoToken, TakesStream } from '../http';
import type { Random } from '../../random';
import { ec2VersionList, isPasswordPath, type MetadataDocument, metadataDocument, metadataPath } from './document';
import { FindGuest } from '../../application/server/find-guest';
import type { Guest } from '../../application/server/guest';
import { MOST_PASSWORD_BYTES, PostedPasswords } from '../../application/server/posted-password';
import { SEED_BYTES } from './openstack-tree';

/**
 * 169.254.169.254 of all guests. A guest's own call reaches its host's agent, which passes it on below `METADATA_PATH`
 * and says where it came from; who calls this port directly is no guest and sees only the list of versions.
 */
@Controller()
@NoToken()
@NoReadModel()
export class MetadataController {
  constructor(
    private readonly access: HostAccess,
    private readonly guests: FindGuest,
    private readonly passwords: PostedPasswords,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  versions(@Res({ passthrough: true }) reply: FastifyReply): Buffer {
    return answer(reply, ec2VersionList());
  }

  @All(METADATA_PATH)
  root(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    return this.document(request, reply);
  }

  /**
   * @throws HttpProblem 404 for callers and paths that are not known, 405 for every other method than GET. A guest may
   * also post its password, once: 409 for a second one, 400 for one that is too long.
   */
  @All(`${METADATA_PATH}/*`)
  @TakesStream()
  @HttpCode(200)
  async document(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const hostId = await this.access.require(request);
    const path = metadataPath(originalPath(request));
    const posts = request.method === 'POST' && isPasswordPath(path);
    if (request.method !== 'GET' && request.method !== 'HEAD' && !posts) {
      if (isPasswordPath(path)) throw new HttpProblem(400, 'GET and POST only are supported.');
      throw new HttpProblem(405, undefined, { allow: 'GET, HEAD' });
    }
    if (path.length === 0) return answer(reply, ec2VersionList());
    const guest = await this.guestOf(hostId, request);
    if (posts && guest !== undefined) return answer(reply, await this.post(guest, request));
    const surroundings = { now: this.clock.now(), seed: () => this.random.bytes(SEED_BYTES) };
    const document = guest === undefined ? undefined : metadataDocument(guest, path, surroundings);
    if (document === undefined) throw new HttpProblem(404);
    return answer(reply, document);
  }

  private async post(guest: Guest, { body }: FastifyRequest): Promise<MetadataDocument> {
    const bytes = body instanceof Readable ? await collect(body, MOST_PASSWORD_BYTES).catch(tooLarge) : Buffer.alloc(0);
    if (bytes.length > 0) await this.passwords.post(guest, bytes).catch(refused);
    return { contentType: 'text/plain; charset=UTF-8', body: Buffer.alloc(0) };
  }

  private async guestOf(hostId: string, { headers }: FastifyRequest): Promise<Guest | undefined> {
    const [networkId, address] = [headers[NETWORK_HEADER], headers['x-forwarded-for']];
    if (typeof networkId !== 'string' || typeof address !== 'string') return undefined;
    return isUuid(networkId) && isIPv4(address) ? this.guests.find(hostId, networkId, address) : undefined;
  }
}

function answer(reply: FastifyReply, { contentType, body }: MetadataDocument): Buffer {
  void reply.header('content-type', contentType);
  return body;
}

/** nova's answer to a body that is too large. */
function tooLarge(error: unknown): never {
  throw error instanceof HttpProblem && error.getStatus() === 413
    ? new HttpProblem(400, 'Request is too large.')
    : error;
}

function refused(error: unknown): never {
  throw error instanceof DomainError && error.kind === 'conflict' ? new HttpProblem(409) : error;
}

/** What the guest asked for, without its query. */
function originalPath({ url }: FastifyRequest): string {
  const path = url.slice(METADATA_PATH.length).split('?', 1).join('');
  try {
    return decodeURIComponent(path);
  } catch {
    throw new HttpProblem(404); // not UTF-8: no document has such a name
  }
}
