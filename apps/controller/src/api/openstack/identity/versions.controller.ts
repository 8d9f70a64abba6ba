import { Controller, Get, HttpCode, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { VersionDocument } from '../../http';
import { Links } from './links';

const mediaType = (version: string): object => ({
  base: 'application/json',
  type: `application/vnd.openstack.identity-${version}+json`,
});

/** What clients ask for first. All of it answers without a token. */
@Controller()
export class VersionsController {
  constructor(private readonly links: Links) {}

  /**
   * v2.0 is not listed: keystoneauth tries the oldest version first when no domain is given, and v2.0 here is for those
   * who name it.
   */
  @Get()
  @HttpCode(300)
  @VersionDocument()
  all(@Req() request: FastifyRequest): unknown {
    return { versions: { values: [this.v3(request)] } };
  }

  @Get('v3')
  @VersionDocument()
  three(@Req() request: FastifyRequest): unknown {
    return { version: this.v3(request) };
  }

  @Get('v2.0')
  @VersionDocument()
  two(@Req() request: FastifyRequest): unknown {
    return {
      version: {
        id: 'v2.0',
        status: 'deprecated',
        updated: '2016-08-04T00:00:00Z',
        links: [
          { rel: 'self', href: `${this.links.root(request)}/v2.0/` },
          { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
        ],
        'media-types': [mediaType('v2.0')],
      },
    };
  }

  private v3(request: FastifyRequest): object {
    return {
      id: 'v3.14',
      status: 'stable',
      updated: '2020-04-07T00:00:00Z',
      links: [{ rel: 'self', href: `${this.links.v3(request)}/` }],
      'media-types': [mediaType('v3')],
    };
  }
}
