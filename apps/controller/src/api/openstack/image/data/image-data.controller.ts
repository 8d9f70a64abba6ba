import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Put, Req, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';

import { BlobMissing, type BlobStore, RangeNotSatisfiable } from '../../../../blobs';
import { BLOBS, type Caller, LOG } from '../../../../application/core';
import { FromCaller, HttpProblem, PolicyOfTarget, TakesStream } from '../../../http';
import type { Log } from '../../../../log';
import { requireMay } from '../../../../application/image/access';
import { Images } from '../../../../application/image/images';
import { rangeOf } from './range';
import { uploadProblem } from './upload-problem';
import { Upload } from '../../../../application/image/upload';

/** `/v2/images/{id}/file`: the data of images. */
@Controller('v2/images/:imageId/file')
export class ImageDataController {
  constructor(
    private readonly images: Images,
    private readonly uploads: Upload,
    @Inject(BLOBS) private readonly blobs: Pick<BlobStore, 'read'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Put()
  @TakesStream()
  @PolicyOfTarget('upload_image')
  @HttpCode(204)
  async upload(
    @FromCaller() caller: Caller,
    @Param('imageId') imageId: string,
    @Body() body: unknown,
    @Headers('content-length') length?: string,
  ): Promise<void> {
    const stream = streamOf(body);
    const announced = length === undefined ? undefined : Number(length);
    try {
      await this.uploads.run(caller, imageId, stream.iterator({ destroyOnReturn: false }), announced);
    } catch (error) {
      throw uploadProblem(error, imageId);
    } finally {
      stream.resume(); // the rest must be read before the connection can be used or closed
    }
  }

  /** 204 without data, 206 for a part of it. */
  @Get()
  @PolicyOfTarget('download_image')
  async download(
    @FromCaller() caller: Caller,
    @Param('imageId') imageId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const { blob, record } = await this.images.show(caller, imageId);
    requireMay(caller, 'download_image', record);
    if (blob === undefined) {
      void reply.status(204);
      return undefined;
    }
    const asked = rangeOf(request.headers.range, blob.sizeBytes);
    const { stream, range, sizeBytes } = await this.blobs.read(blob.sha256, asked).catch((error: unknown) => {
      throw this.asProblem(error, imageId);
    });
    void reply.header('content-md5', blob.md5).header('accept-ranges', 'bytes');
    const [first, last] = range === undefined ? [0, sizeBytes - 1] : [range.first, range.last];
    if (range !== undefined) {
      void reply.status(206).header('content-range', `bytes ${String(first)}-${String(last)}/${String(sizeBytes)}`);
    }
    return new StreamableFile(stream, { type: 'application/octet-stream', length: last - first + 1 });
  }

  private asProblem(error: unknown, imageId: string): unknown {
    if (error instanceof RangeNotSatisfiable) {
      return new HttpProblem(416, undefined, { 'content-range': `bytes */${String(error.sizeBytes)}` });
    }
    if (!(error instanceof BlobMissing)) return error;
    this.log.error('the data of an image is missing', { imageId, sha256: error.sha256 });
    return new HttpProblem(404, `The data of image ${imageId} could not be found in the store.`);
  }
}

const streamOf = (body: unknown): Readable => (body instanceof Readable ? body : Readable.from([]));
