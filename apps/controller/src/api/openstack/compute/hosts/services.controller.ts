import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { HostRemoval } from '../../../../application/host/host-removal';
import { listed } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { Policy } from '../../../http';
import { commandContext, RANDOM } from '../../../../application/core';
import { badRequest, invalidUuid, requireInteger } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Since, Until } from '../shared/compute-request.guard';
import { booleanOf, isUuid } from '../shared/validators';
import { SERVICES } from './host-lists';
import { ServiceList, type Statement } from './service-list';
import { presentService, presentZoneDetails, presentZones, type ServiceView, UUIDS_SINCE } from './service.presenter';
import { DisabledServiceBody, ForceDownBody, ServiceBody, ServiceStatusBody, UpdateServiceBody } from './service.dto';

/** The routes by a service's host and name, which one by its UUID replaces. */
const BY_NAME_UNTIL = UUIDS_SINCE - 1;

@Controller(computePaths('os-services'))
export class ServicesController {
  constructor(
    private readonly services: ServiceList,
    private readonly removal: HostRemoval,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy('os_compute_api:os-services:list')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await listed(SERVICES, await this.services.all(), request);
    return { services: rows.map((service) => presentService(service, request)) };
  }

  @Put('enable')
  @Until(BY_NAME_UNTIL)
  @Policy('os_compute_api:os-services:update')
  async enable(@Body() body: ServiceBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.state(body, { type: 'EnableHost', data: {} }, request);
    return { service: { host: body.host, binary: body.binary, status: 'enabled' } };
  }

  @Put('disable')
  @Until(BY_NAME_UNTIL)
  @Policy('os_compute_api:os-services:update')
  async disable(@Body() body: ServiceStatusBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const reason = body.disabled_reason ?? null;
    await this.state(body, { type: 'DisableHost', data: { reason } }, request);
    return { service: { host: body.host, binary: body.binary, status: 'disabled' } };
  }

  @Put('disable-log-reason')
  @Until(BY_NAME_UNTIL)
  @Policy('os_compute_api:os-services:update')
  async disableWithReason(@Body() body: DisabledServiceBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.state(body, { type: 'DisableHost', data: { reason: body.disabled_reason } }, request);
    const { host, binary, disabled_reason } = body;
    return { service: { host, binary, status: 'disabled', disabled_reason } };
  }

  /** The host is shown as down until this is cleared. Nothing that runs there is given up: down is not dead. */
  @Put('force-down')
  @Since(11)
  @Until(BY_NAME_UNTIL)
  @Policy('os_compute_api:os-services:update')
  async forceDown(@Body() body: ForceDownBody, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { host, binary } = body;
    const forced = booleanOf(body.forced_down) === true;
    await this.state(body, { type: forced ? 'ForceHostDown' : 'ClearForceDown', data: {} }, request);
    return { service: { host, binary, forced_down: forced } };
  }

  /** All of these statements, from 2.53 on. */
  @Put(':id')
  @Since(UUIDS_SINCE)
  @Policy('os_compute_api:os-services:update')
  async update(
    @Param('id') id: string,
    @Body() body: UpdateServiceBody,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const found = await this.byUuid(id);
    for (const statement of statementsOf(body)) {
      const context = commandContext(request.caller, `${statement.type}/${found.host}`, this.random);
      await this.services.state(found, statement, context);
    }
    return { service: presentService(await this.byUuid(id), request) };
  }

  /** By its UUID, before 2.53 by its number. */
  @Delete(':id')
  @HttpCode(204)
  @Policy('os_compute_api:os-services:delete')
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    const is = request.minor >= UUIDS_SINCE ? withUuid(id) : withNumber(id);
    const found = await this.services.ofHost(is, `Service ${id.slice(0, 255)} not found.`);
    const context = commandContext(request.caller, `delete-service/${found.uuid}`, this.random);
    await this.removal.remove(found.uuid, found.host, context);
  }

  private byUuid(id: string): Promise<ServiceView> {
    return this.services.ofHost(withUuid(id), `Service ${id} could not be found.`);
  }

  private async state({ host, binary }: ServiceBody, statement: Statement, request: ComputeRequest): Promise<void> {
    const is = (service: ServiceView): boolean => service.host === host && service.binary === binary;
    const found = await this.services.ofHost(is, `Could not find binary ${binary} on host ${host}.`);
    const context = commandContext(request.caller, `${statement.type}/${host}`, this.random);
    await this.services.state(found, statement, context);
  }
}

/** @throws HttpProblem 400 */
function withUuid(asked: string): (service: ServiceView) => boolean {
  if (!isUuid(asked)) throw invalidUuid(asked);
  return ({ uuid }) => uuid === asked.toLowerCase();
}

/** @throws HttpProblem 400 */
function withNumber(asked: string): (service: ServiceView) => boolean {
  requireInteger(asked);
  return ({ id }) => String(id) === asked;
}

/** @throws HttpProblem 400 where nothing is said, or a reason for nothing. */
function statementsOf({ status, disabled_reason: reason, forced_down: down }: UpdateServiceBody): readonly Statement[] {
  if (status === 'enabled' && reason !== undefined)
    throw badRequest("Specifying 'disabled_reason' when status is 'enabled' is invalid.");
  if (status === undefined && down === undefined)
    throw badRequest("No updates were requested. Fields 'status' or 'forced_down' should be specified.");
  const statements: Statement[] = [];
  if (status === 'enabled') statements.push({ type: 'EnableHost', data: {} });
  if (status === 'disabled') statements.push({ type: 'DisableHost', data: { reason: reason ?? null } });
  if (down !== undefined)
    statements.push({ type: booleanOf(down) === true ? 'ForceHostDown' : 'ClearForceDown', data: {} });
  return statements;
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
