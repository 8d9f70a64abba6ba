import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../../application/core';
import { askingOf, listed } from '../../../../application/lists';
import { domainById, DOMAINS } from '../../../../identity/domains';
import { FromCaller, HttpProblem, Policy, PolicyOfTarget } from '../../../http';
import { Links, presentList } from '../links';
import { DOMAIN_LIST } from './identity-lists';
import { presentDomain } from './presenters';

@Controller('v3/domains')
export class DomainsController {
  constructor(private readonly links: Links) {}

  @Get()
  @Policy('identity:list_domains')
  async list(@Query() query: unknown, @FromCaller() caller: Caller, @Req() request: FastifyRequest): Promise<unknown> {
    const { rows } = await listed(DOMAIN_LIST, DOMAINS, askingOf(caller, query));
    const v3 = this.links.v3(request);
    const domains = rows.map((domain) => presentDomain(domain, v3));
    return presentList('domains', domains, this.links.list('/domains', request));
  }

  @Get(':id')
  @PolicyOfTarget('identity:get_domain')
  show(@Param('id') id: string, @FromCaller() caller: Caller, @Req() request: FastifyRequest): unknown {
    caller.rights.require('identity:get_domain', { 'target.domain.id': id });
    const domain = domainById(id);
    if (domain === undefined) throw new HttpProblem(404, `Could not find domain: ${id}.`);
    return { domain: presentDomain(domain, this.links.v3(request)) };
  }
}
