import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { type CommandOf, streamRef } from '@cairn/domain';
import { HostQuery } from '../../../../application/host/host.query';
import { listed } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Since } from '../shared/compute-request.guard';
import { booleanOf } from '../shared/validators';
import { HOSTS, SERVICES } from './host-lists';
import { ServiceList } from './service-list';
import { presentHostBrief, presentService, presentZoneDetails, presentZones } from './service.presenter';
import { DisabledServiceBody, ForceDownBody, ServiceBody, ServiceStatusBody } from './service.dto';

/** What an administrator says of a host. */
type Statement = Extract<
  CommandOf<'host'>,
  { type: 'EnableHost' | 'DisableHost' | 'ForceHostDown' | 'ClearForceDown' }
>;

@Controller(computePaths('os-services'))
export class ServicesController {
  constructor(
    private readonly writes: Writes,
    private readonly hosts: HostQuery,
    private readonly services: ServiceList,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:os-services:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await listed(SERVICES, await this.services.all(), request);
    return { services: rows.map((service) => presentService(service, request.minor)) };
  }

  @Put('enable')
  @Policy('os_compute_api:os-services:update')
  async enable(@Body() body: ServiceBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.state(body, { type: 'EnableHost', data: {} }, request);
    return { service: { host: body.host, binary: body.binary, status: 'enabled' } };
  }

  @Put('disable')
  @Policy('os_compute_api:os-services:update')
  async disable(@Body() body: ServiceStatusBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const reason = body.disabled_reason ?? null;
    await this.state(body, { type: 'DisableHost', data: { reason } }, request);
    return { service: { host: body.host, binary: body.binary, status: 'disabled' } };
  }

  @Put('disable-log-reason')
  @Policy('os_compute_api:os-services:update')
  async disableWithReason(@Body() body: DisabledServiceBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.state(body, { type: 'DisableHost', data: { reason: body.disabled_reason } }, request);
    const { host, binary, disabled_reason } = body;
    return { service: { host, binary, status: 'disabled', disabled_reason } };
  }

  /** The host is shown as down until this is cleared. Nothing that runs there is given up: down is not dead. */
  @Put('force-down')
  @Since(11)
  @Policy('os_compute_api:os-services:update')
  async forceDown(@Body() body: ForceDownBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { host, binary } = body;
    const forced = booleanOf(body.forced_down) === true;
    await this.state(body, { type: forced ? 'ForceHostDown' : 'ClearForceDown', data: {} }, request);
    return { service: { host, binary, forced_down: forced } };
  }

  private async state({ host, binary }: ServiceBody, statement: Statement, request: ComputeRequest): Promise<void> {
    const found = (await this.services.all()).find((service) => service.host === host && service.binary === binary);
    if (found === undefined) throw new HttpProblem(404, `Could not find binary ${binary} on host ${host}.`);
    if (binary !== 'nova-compute')
      throw badRequest(`binary: ${binary} is a part of the controller: always enabled, and up.`);
    const row = await this.hosts.byName(host);
    if (row === null) throw new HttpProblem(404, `Could not find binary ${binary} on host ${host}.`);
    const context = commandContext(request.caller, `${statement.type}/${host}`, this.random);
    await this.writes.execute(streamRef('host', row.id), statement, context);
  }
}

@Controller(computePaths('os-availability-zone'))
export class ZonesController {
  constructor(private readonly services: ServiceList) {}

  @Get()
  @Policy('os_compute_api:os-availability-zone:list')
  async index(): Promise<unknown> {
    return presentZones(await this.services.all());
  }

  @Get('detail')
  @Policy('os_compute_api:os-availability-zone:detail')
  async detail(): Promise<unknown> {
    return presentZoneDetails(await this.services.all());
  }
}

@Controller(computePaths('os-hosts'))
export class HostsController {
  constructor(private readonly services: ServiceList) {}

  @Get()
  @Policy('os_compute_api:os-hosts:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await listed(HOSTS, await this.services.all(), request);
    return { hosts: rows.map(presentHostBrief) };
  }
}
