import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { encodeDrive } from '@cairn/host-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';

import { BlobMissing, type BlobStore } from '../../blobs';
import type { ReplyBroker } from '../../runtime/replies';
import { collect, HttpProblem, NoReadModel, NoToken, TakesStream } from '../http';
import { BLOBS, LOG, RANDOM, REPLIES } from '../../application/core';
import type { Log } from '../../log';
import { ClaimedImage } from '../../application/host/claimed-image';
import { GuestPasswords } from '../../application/server/guest-password';
import { HostImages } from '../../application/image/host-images';
import { uploadProblem } from '../openstack/image/data/upload-problem';
import { FindGuest } from '../../application/server/find-guest';
import type { Random } from '../../random';
import { driveFiles } from '../metadata/drive-files';
import { SEED_BYTES } from '../metadata/openstack-tree';
import { HostAccess, isUuid } from './host-access';

/** nova keeps 100 KiB of a console; more than that is not an answer. */
const MAX_REPLY_BYTES = 1024 * 1024;

/** What agents ask of the controller (host-protocol, transport.ts), each under its own host's credential. */
@Controller('v1')
@NoToken()
@NoReadModel()
export class HostsController {
  constructor(
    private readonly access: HostAccess,
    private readonly images: ClaimedImage,
    private readonly made: HostImages,
    private readonly passwords: GuestPasswords,
    @Inject(BLOBS) private readonly blobs: Pick<BlobStore, 'read'>,
    @Inject(REPLIES) private readonly replies: ReplyBroker,
    private readonly guests: FindGuest,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** @throws HttpProblem 404 for an image that no instance of this host uses, or whose blob is missing. */
  @Get('images/:imageId')
  async image(@Req() request: FastifyRequest, @Param('imageId') imageId: string): Promise<StreamableFile> {
    const hostId = await this.access.require(request);
    const image = await this.images.find(hostId, imageId);
    if (image === undefined) throw new HttpProblem(404, 'No instance on this host uses that image.');
    try {
      const { stream, sizeBytes } = await this.blobs.read(image.sha256);
      return new StreamableFile(stream, { type: 'application/octet-stream', length: sizeBytes });
    } catch (error) {
      if (!(error instanceof BlobMissing)) throw error;
      this.log.error('the data of an image is missing', { hostId, imageId, sha256: error.sha256 });
      throw new HttpProblem(404, 'The data of that image is missing from the store.');
    }
  }

  /** @throws HttpProblem 404 for an instance that this host has no claim of, or that has no such drive. */
  @Get('instances/:instanceId/config-drive')
  async configDrive(@Req() request: FastifyRequest, @Param('instanceId') instanceId: string): Promise<string> {
    const hostId = await this.access.require(request);
    const guest = isUuid(instanceId) ? await this.guests.ofDrive(hostId, instanceId) : undefined;
    if (guest === undefined) throw new HttpProblem(404, 'No instance on this host has such a configuration drive.');
    return encodeDrive(driveFiles(guest, () => this.random.bytes(SEED_BYTES)));
  }

  /** @throws HttpProblem 410 when nobody wants the image any more. */
  @Post('instances/:instanceId/images/:imageId')
  @HttpCode(204)
  async announce(
    @Req() request: FastifyRequest,
    @Param('instanceId') instanceId: string,
    @Param('imageId') imageId: string,
  ): Promise<void> {
    const hostId = await this.access.require(request);
    await this.made.announce(hostId, instanceId, imageId).catch((error: unknown) => {
      throw uploadProblem(error, imageId);
    });
  }

  /** @throws HttpProblem as above; 413 for more bytes than one image, the project or the store may have. */
  @Put('instances/:instanceId/images/:imageId')
  @TakesStream()
  @HttpCode(204)
  async take(
    @Req() request: FastifyRequest,
    @Param('instanceId') instanceId: string,
    @Param('imageId') imageId: string,
    @Body() body: unknown,
    @Headers('content-length') length?: string,
  ): Promise<void> {
    const hostId = await this.access.require(request);
    const stream = body instanceof Readable ? body : Readable.from([]);
    try {
      const bytes = stream.iterator({ destroyOnReturn: false });
      await this.made.take(hostId, instanceId, imageId, bytes, Number(length ?? 0));
    } catch (error) {
      throw uploadProblem(error, imageId);
    } finally {
      stream.resume(); // the rest must be read before the connection can be used or closed
    }
  }

  /** @throws HttpProblem 404 unless a job of that generation is to set a password in a guest of this host. */
  @Get('instances/:instanceId/passwords/:generation')
  async password(
    @Req() request: FastifyRequest,
    @Param('instanceId') instanceId: string,
    @Param('generation') generation: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const hostId = await this.access.require(request);
    const password = await this.passwords.wanted(hostId, instanceId, Number(generation));
    if (password === null) throw new HttpProblem(404, 'No password is to be set there.');
    void reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-store');
    return password;
  }

  @Put('replies/:requestId')
  @TakesStream()
  @HttpCode(200)
  async reply(
    @Req() request: FastifyRequest,
    @Param('requestId') requestId: string,
    @Body() body: unknown,
  ): Promise<string> {
    const hostId = await this.access.require(request);
    const text = body instanceof Readable ? await collect(body, MAX_REPLY_BYTES) : '';
    if (!this.replies.resolve(hostId, requestId, text.toString('utf8')))
      throw new HttpProblem(404, 'Nobody waits for that answer.');
    return '';
  }
}
