import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../../application/core';
import { domainById, DOMAINS } from '../../../../identity/domains';
import { FromCaller, HttpProblem, Policy, PolicyOfTarget } from '../../../http';
import { Links, listed } from '../links';
import { flagOf, ListQuery } from './list.dto';
import { presentDomain } from './presenters';

@Controller('v3/domains')
export class DomainsController {
  constructor(private readonly links: Links) {}

  @Get()
  @Policy('identity:list_domains')
  list(@Query() { name, enabled }: ListQuery, @Req() request: FastifyRequest): unknown {
    const v3 = this.links.v3(request);
    const wanted = flagOf(enabled);
    const found = DOMAINS.filter(
      (domain) => (name === undefined || domain.name === name) && (wanted === undefined || domain.enabled === wanted),
    );
    return listed(
      'domains',
      found.map((domain) => presentDomain(domain, v3)),
      `${v3}/domains`,
    );
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
