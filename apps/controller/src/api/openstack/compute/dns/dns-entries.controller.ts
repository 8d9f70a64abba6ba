import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { commandContext, RANDOM } from '../../../../application/core';
import { DnsNames } from '../../../../application/dns/dns-names';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { isAddress, shortest } from '../shared/validators';
import { DnsEntryBody } from './dns.dto';
import { presentEntry } from './dns.presenter';
import { domainIn, requireName } from './names';

const RULE = 'os_compute_api:os-floating-ip-dns';

/** Names in a domain that stand for addresses (nova 14.1). */
@Controller(computePaths('os-floating-ip-dns/:domain/entries/:id'))
@Until(LAST_PROXY)
export class DnsEntriesController {
  constructor(
    private readonly names: DnsNames,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /** By an address all names that stand for it, by a name what that stands for. */
  @Get()
  @Policy(RULE)
  async show(@Param('domain') of: string, @Param('id') id: string): Promise<unknown> {
    const domain = domainIn(of);
    const byAddress = isAddress(id);
    const found = await this.names.entries(domain, byAddress ? { address: shortest(id) } : { name: id });
    const [first] = found;
    if (first === undefined) throw new HttpProblem(404, 'DNS entries not found.');
    return byAddress
      ? { dns_entries: found.map(({ name }) => presentEntry(domain, name, id)) }
      : { dns_entry: presentEntry(domain, id, first.address) };
  }

  /** A name that is there already stands for the address from then on. */
  @Put()
  @HttpCode(200)
  @Policy(`${RULE}:entry:update`)
  async update(
    @Param('domain') of: string,
    @Param('id') name: string,
    @Body() { dns_entry: { ip, dns_type } }: DnsEntryBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const domain = domainIn(of);
    requireName(name, domain);
    const context = commandContext(request.caller, `set-dns-entry/${name}.${domain}`, this.random);
    await this.names.setEntry({ domain, name }, shortest(ip), scopeOf(request), context);
    return { dns_entry: presentEntry(domain, name, ip, dns_type) };
  }

  @Delete()
  @HttpCode(202)
  @Policy(`${RULE}:entry:delete`)
  async remove(
    @Param('domain') of: string,
    @Param('id') name: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<void> {
    const domain = domainIn(of);
    const context = commandContext(request.caller, `delete-dns-entry/${name}.${domain}`, this.random);
    await this.names.deleteEntry({ domain, name }, scopeOf(request), context);
  }
}
