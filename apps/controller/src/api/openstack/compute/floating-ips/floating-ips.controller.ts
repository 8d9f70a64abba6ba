import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DomainError } from '@cairn/domain';
import type { FloatingIpRow } from '@cairn/projections';
import { AllocateFloatingIp } from '../../../../application/floating-ip/allocate-floating-ip.handler';
import { FloatingIps } from '../../../../application/floating-ip/floating-ips';
import { FloatingPools } from '../../../../application/floating-ip/floating-pools';
import { commandContext, CONFIG, RANDOM } from '../../../../application/core';
import { Lists } from '../../../../application/lists';
import type { ControllerConfig } from '../../../../config';
import type { Random } from '../../../../random';
import { HttpProblem, isOfLength, isStorable, Policy, shown } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { FLOATING_IPS } from './floating-ip-list';
import { presentFloatingIp } from './floating-ip.presenter';

const RULE = 'os_compute_api:os-floating-ips';

@Controller(computePaths('os-floating-ips'))
@Until(LAST_PROXY)
export class FloatingIpsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly floatingIps: FloatingIps,
    private readonly lists: Lists,
    @Inject(RANDOM) private readonly random: Random,
    @Inject(CONFIG) private readonly config: Pick<ControllerConfig, 'defaultFloatingPool'>,
  ) {}

  @Get()
  @Policy(`${RULE}:list`)
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await this.lists.page(FLOATING_IPS, request);
    return { floating_ips: rows.map(presentFloatingIp) };
  }

  @Post()
  @HttpCode(200)
  @Policy(`${RULE}:create`)
  async create(@Body() body: unknown, @FromCompute() { caller, projectId, userId }: ComputeRequest): Promise<unknown> {
    const pool = poolIn(body);
    const context = commandContext(caller, 'allocate-floating-ip', this.random);
    const command = new AllocateFloatingIp(projectId, userId, pool ?? this.config.defaultFloatingPool, context);
    const record = await this.commands.execute(command).catch((error: unknown) => {
      throw pool === null ? inGeneral(error) : error;
    });
    return { floating_ip: presentFloatingIp({ ...record, fixedAddress: null, instanceId: null }) };
  }

  @Get(':id')
  @Policy(`${RULE}:show`)
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { floating_ip: presentFloatingIp(await this.found(id, request)) };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy(`${RULE}:delete`)
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    const floatingIp = await this.found(id, request);
    const context = commandContext(request.caller, `release-floating-ip/${floatingIp.id}`, this.random);
    await this.floatingIps.release(floatingIp, context);
  }

  private async found(id: string, request: ComputeRequest): Promise<FloatingIpRow> {
    const number = /^\d{1,9}$/.test(id) ? Number(id) : -1;
    const row = await this.floatingIps.find(number, scopeOf(request));
    if (row === undefined) throw new HttpProblem(404, `Floating IP not found for ID ${id.slice(0, 255)}`);
    return row;
  }
}

/** The pool that a body names; null for the usual one. Whatever else is in a body counts for nothing, as in nova. */
function poolIn(body: unknown): string | null {
  const pool: unknown = typeof body === 'object' && body !== null && 'pool' in body ? body.pool : null;
  if (pool === null || pool === undefined || pool === '') return null;
  if (typeof pool === 'string' && isOfLength(pool, 1, 255) && isStorable(pool)) return pool;
  throw badRequest(`Invalid input for field/attribute pool. Value: ${shown(pool)}. It must be the name of a pool.`);
}

/** A refusal that does not speak of a pool, since none was named. */
function inGeneral(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error;
  if (error.code === 'floating-ip.quota') return new DomainError('quota', error.code, 'IP allocation over quota.');
  const none = error.code === 'floating-pool.exhausted' || error.code === 'floating-pool.not-found';
  return none ? new HttpProblem(404, 'No more floating IPs available.') : error;
}

@Controller(computePaths('os-floating-ip-pools'))
@Until(LAST_PROXY)
export class FloatingIpPoolsController {
  constructor(private readonly pools: FloatingPools) {}

  @Get()
  @Policy('os_compute_api:os-floating-ip-pools')
  async index(): Promise<unknown> {
    return { floating_ip_pools: (await this.pools.all()).map(({ name }) => ({ name })) };
  }
}
