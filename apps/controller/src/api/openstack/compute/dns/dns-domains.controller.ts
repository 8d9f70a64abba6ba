import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import type { DnsDomain } from '@cairn/domain';
import { commandContext, RANDOM } from '../../../../application/core';
import { DnsNames } from '../../../../application/dns/dns-names';
import { listed } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { Policy } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { DNS_DOMAINS } from './dns-list';
import { DnsDomainBody } from './dns.dto';
import { presentDomain } from './dns.presenter';
import { domainIn, requireDomain } from './names';

const RULE = 'os_compute_api:os-floating-ip-dns';

/** Domains for names of addresses (nova 14.1). */
@Controller(computePaths('os-floating-ip-dns'))
@Until(LAST_PROXY)
export class DnsDomainsController {
  constructor(
    private readonly names: DnsNames,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy(RULE)
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await listed(DNS_DOMAINS, await this.names.domains(), request);
    return { domain_entries: rows.map(presentDomain) };
  }

  @Put(':id')
  @HttpCode(200)
  @Policy(`${RULE}:domain:update`)
  async update(
    @Param('id') id: string,
    @Body() { domain_entry: asked }: DnsDomainBody,
    @FromCompute() { caller }: ComputeRequest,
  ): Promise<unknown> {
    const { scope, project = null, availability_zone: zone = null } = asked;
    if (scope === 'private' && project !== null) throw badRequest('you can not pass project if the scope is private');
    if (scope === 'public' && zone !== null) throw badRequest('you can not pass av_zone if the scope is public');
    const domain = domainIn(id);
    requireDomain(domain);
    const made: DnsDomain = { domain, scope, projectId: project, availabilityZone: zone };
    await this.names.setDomain(made, commandContext(caller, `set-dns-domain/${domain}`, this.random));
    return { domain_entry: presentDomain(made) };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy(`${RULE}:domain:delete`)
  async remove(@Param('id') id: string, @FromCompute() { caller }: ComputeRequest): Promise<void> {
    const domain = domainIn(id);
    await this.names.deleteDomain(domain, commandContext(caller, `delete-dns-domain/${domain}`, this.random));
  }
}
