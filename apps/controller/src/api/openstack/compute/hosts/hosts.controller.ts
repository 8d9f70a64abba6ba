import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { commandContext, RANDOM } from '../../../../application/core';
import { HostQuery } from '../../../../application/host/host.query';
import { listed } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import { badRequest, notBuilt } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Until } from '../shared/compute-request.guard';
import { HOSTS } from './host-lists';
import { UpdateHostBody } from './host.dto';
import { presentHostResources } from './host.presenter';
import { ServiceList } from './service-list';
import { presentHostBrief } from './service.presenter';

/** Hypervisors and services take its place from 2.43 on. */
@Controller(computePaths('os-hosts'))
@Until(42)
export class HostsController {
  constructor(
    private readonly hosts: HostQuery,
    private readonly services: ServiceList,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:os-hosts:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await listed(HOSTS, await this.services.all(), request);
    return { hosts: rows.map(presentHostBrief) };
  }

  @Get(':name')
  @Policy('os_compute_api:os-hosts:show')
  async show(@Param('name') name: string): Promise<unknown> {
    const row = await this.hosts.byName(name);
    if (row === null) throw notFound(name);
    const servers = (await this.hosts.serversOn([row.id])).get(row.id) ?? [];
    return { host: presentHostResources(row, servers) };
  }

  /** Enables a host or disables it. It has no mode of maintenance of its own: servers are moved away one by one. */
  @Put(':name')
  @Policy('os_compute_api:os-hosts:update')
  async update(
    @Param('name') name: string,
    @Body() { status, maintenance_mode: maintenance }: UpdateHostBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    if (status === undefined && maintenance === undefined)
      throw badRequest("Invalid input: 'status' or 'maintenance_mode' is a required property");
    const host = await this.services.ofHost((service) => isComputeOn(service, name), missing(name));
    if (maintenance !== undefined) throw notBuilt();
    const enabled = status?.toLowerCase() === 'enable';
    const statement = enabled
      ? ({ type: 'EnableHost', data: {} } as const)
      : ({ type: 'DisableHost', data: { reason: null } } as const);
    await this.services.state(
      host,
      statement,
      commandContext(request.caller, `${statement.type}/${name}`, this.random),
    );
    return { host: name, status: enabled ? 'enabled' : 'disabled' };
  }

  @Get(':name/startup')
  @Policy('os_compute_api:os-hosts:start')
  startup(@Param('name') name: string): Promise<never> {
    return this.power(name);
  }

  @Get(':name/shutdown')
  @Policy('os_compute_api:os-hosts:shutdown')
  shutdown(@Param('name') name: string): Promise<never> {
    return this.power(name);
  }

  @Get(':name/reboot')
  @Policy('os_compute_api:os-hosts:reboot')
  reboot(@Param('name') name: string): Promise<never> {
    return this.power(name);
  }

  /** Nobody switches hosts by this API: nova's driver for libvirt answers the same. */
  private async power(name: string): Promise<never> {
    if ((await this.hosts.byName(name)) === null) throw notFound(name);
    throw notBuilt();
  }
}

const isComputeOn = ({ binary, host }: { readonly binary: string; readonly host: string }, name: string): boolean =>
  host === name && binary === 'nova-compute';

const missing = (name: string): string => `Compute host ${name.slice(0, 255)} could not be found.`;
const notFound = (name: string): HttpProblem => new HttpProblem(404, missing(name));
