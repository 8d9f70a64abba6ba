import { Controller, Get, HttpCode, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import type { ControllerConfig } from '../../../config';
import { CONFIG } from '../../../application/core';
import { publicUrl, VersionDocument } from '../../http';

/** glance 25.1 without several stores: 2.8 and what needs them is missing (`glance/api/versions.py`). */
const VERSIONS = ['v2.9', 'v2.7', 'v2.6', 'v2.5', 'v2.4', 'v2.3', 'v2.2', 'v2.1', 'v2.0'] as const;

interface Versions {
  readonly versions: readonly object[];
}

/** What the service speaks; asked without a token by every client's discovery. */
@Controller()
export class VersionsController {
  constructor(@Inject(CONFIG) private readonly config: ControllerConfig) {}

  @Get()
  @HttpCode(300)
  @VersionDocument()
  choices(@Req() request: FastifyRequest): Versions {
    return this.describe(request);
  }

  @Get('v2')
  @HttpCode(300)
  @VersionDocument()
  v2(@Req() request: FastifyRequest): Versions {
    return this.describe(request);
  }

  @Get('versions')
  @VersionDocument()
  list(@Req() request: FastifyRequest): Versions {
    return this.describe(request);
  }

  private describe(request: FastifyRequest): Versions {
    const href = `${publicUrl(this.config, request, 'image')}/v2/`;
    return {
      versions: VERSIONS.map((id, i) => ({
        id,
        status: i === 0 ? 'CURRENT' : 'SUPPORTED',
        links: [{ rel: 'self', href }],
      })),
    };
  }
}
