import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { CONFIG } from '../../application/core';
import type { ControllerConfig } from '../../config';
import { HttpProblem, VersionDocument } from '../http';
import { consoleSite, type SiteFile } from './site';

/** noVNC's modules and the page around them. It holds no secret: the token is in the page's own address. */
@Controller()
export class SiteController {
  private readonly files: ReadonlyMap<string, SiteFile> = consoleSite();
  private readonly policy: string;

  constructor(@Inject(CONFIG) { consoles }: ControllerConfig) {
    const framers = consoles.allowedOrigins.flatMap((host) => [`http://${host}:*`, `https://${host}:*`]);
    this.policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors 'self' ${framers.join(' ')}`.trim(),
    ].join('; ');
  }

  @Get('*')
  @VersionDocument()
  file(@Param('*') name: string, @Res() reply: FastifyReply): void {
    const file = this.files.get(name);
    if (file === undefined) throw new HttpProblem(404);
    void reply
      .header('content-type', file.type)
      .header('content-security-policy', this.policy)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', name.startsWith('novnc/') ? 'max-age=3600' : 'no-store')
      .send(file.bytes);
  }
}
