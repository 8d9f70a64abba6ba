import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../../config';
import { CONFIG } from '../../../application/core';
import { publicUrl, VersionDocument } from '../../http';
import { versionDocument, versionList } from './shared/version-documents';

/** What clients read before they log in. */
@Controller()
export class VersionsController {
  constructor(@Inject(CONFIG) private readonly config: ControllerConfig) {}

  @Get()
  @VersionDocument()
  all(@Req() request: FastifyRequest): unknown {
    return versionList(publicUrl(this.config, request, 'compute'));
  }

  @Get('v2')
  @VersionDocument()
  v2(@Req() request: FastifyRequest): unknown {
    return versionDocument('v2.0', publicUrl(this.config, request, 'compute'));
  }

  @Get('v2.1')
  @VersionDocument()
  v21(@Req() request: FastifyRequest): unknown {
    return versionDocument('v2.1', publicUrl(this.config, request, 'compute'));
  }
}
