import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../../config';
import { CONFIG } from '../../../application/core';
import { VersionDocument } from '../../http';
import { baseUrl } from './shared/base-url';
import { versionDocument, versionList } from './shared/version-documents';

/** What clients read before they log in. */
@Controller()
export class VersionsController {
  constructor(@Inject(CONFIG) private readonly config: ControllerConfig) {}

  @Get()
  @VersionDocument()
  all(@Req() request: FastifyRequest): unknown {
    return versionList(baseUrl(this.config, request));
  }

  @Get('v2')
  @VersionDocument()
  v2(@Req() request: FastifyRequest): unknown {
    return versionDocument('v2.0', baseUrl(this.config, request));
  }

  @Get('v2.1')
  @VersionDocument()
  v21(@Req() request: FastifyRequest): unknown {
    return versionDocument('v2.1', baseUrl(this.config, request));
  }
}
