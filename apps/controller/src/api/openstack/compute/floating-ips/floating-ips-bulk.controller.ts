import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { FloatingIps } from '../../../../application/floating-ip/floating-ips';
import { FloatingPools } from '../../../../application/floating-ip/floating-pools';
import { commandContext, CONFIG, RANDOM } from '../../../../application/core';
import { HostQuery } from '../../../../application/host/host.query';
import type { ControllerConfig } from '../../../../config';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { addressRange } from './address-range';
import { BulkCreateBody, BulkDeleteBody } from './floating-ip.dto';
import { presentBulk, presentCarried } from './floating-ip.presenter';

const RULE = 'os_compute_api:os-floating-ips-bulk';

/** Ranges of floating addresses, which administrators make (nova 14.1). */
@Controller(computePaths('os-floating-ips-bulk'))
@Until(LAST_PROXY)
export class FloatingIpsBulkController {
  constructor(
    private readonly floatingIps: FloatingIps,
    private readonly pools: FloatingPools,
    private readonly hosts: HostQuery,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'defaultFloatingPool'>,
  ) {}

  @Get()
  @Policy(RULE)
  async index(): Promise<unknown> {
    return { floating_ip_info: presentBulk(await this.pools.all(), await this.floatingIps.all()) };
  }

  /** Those that a host carries. */
  @Get(':id')
  @Policy(RULE)
  async show(@Param('id') name: string): Promise<unknown> {
    const host = (await this.hosts.all()).find((one) => one.name === name);
    const carried = (await this.floatingIps.all()).filter(({ hostId }) => hostId !== null && hostId === host?.id);
    if (carried.length === 0) throw new HttpProblem(404, `Floating IP not found for host ${name.slice(0, 255)}.`);
    return { floating_ip_info: presentCarried(await this.pools.all(), carried) };
  }

  @Post()
  @HttpCode(200)
  @Policy(RULE)
  async create(
    @Body() { floating_ips_bulk_create: asked }: BulkCreateBody,
    @FromCompute() { caller }: ComputeRequest,
  ): Promise<unknown> {
    const { ip_range, pool = this.config.defaultFloatingPool, interface: leadsOut = null } = asked;
    const range = { ...addressRange(ip_range), interface: leadsOut };
    await this.pools.add(pool, range, commandContext(caller, 'add-floating-range', this.random));
    return { floating_ips_bulk_create: { ip_range, pool, interface: leadsOut } };
  }

  @Put(':id')
  @HttpCode(200)
  @Policy(RULE)
  async remove(
    @Param('id') id: string,
    @Body() { ip_range }: BulkDeleteBody,
    @FromCompute() { caller }: ComputeRequest,
  ): Promise<unknown> {
    if (id !== 'delete') throw new HttpProblem(404, `Unknown action`);
    await this.pools.remove(addressRange(ip_range), commandContext(caller, 'remove-floating-range', this.random));
    return { floating_ips_bulk_delete: ip_range };
  }
}
