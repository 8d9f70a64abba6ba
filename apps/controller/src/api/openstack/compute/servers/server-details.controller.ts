import { own } from '@cairn/domain';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { commandContext, RANDOM } from '../../../../application/core';
import { ServerHistoryQuery } from '../../../../application/server/server-history.query';
import { listed } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import type { ServerRow } from '@cairn/projections';
import { SecurityGroupService } from '../../../../application/security-group/security-groups';
import { presentGroup, presentUnfiltered } from '../security-groups/security-group.presenter';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { ACTIONS } from './action-list';
import { presentAction, presentActionBrief } from './action.presenter';
import { ServerReader } from './server-reader';
import { presentAddresses } from './server.presenter';

/** Actions of a deleted server are shown from here on. */
const DELETED_SINCE = 21;

/** What else can be asked about one server. */
@Controller(computePaths('servers/:id'))
export class ServerDetailsController {
  constructor(
    private readonly reader: ServerReader,
    private readonly history: ServerHistoryQuery,
    private readonly groups: SecurityGroupService,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get('ips')
  @Policy('os_compute_api:ips:index')
  async addresses(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { addresses: presentAddresses(await this.reader.one(id, request), false) };
  }

  @Get('ips/:label')
  @Policy('os_compute_api:ips:show')
  async addressesIn(
    @Param('id') id: string,
    @Param('label') label: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const addresses = presentAddresses(await this.reader.one(id, request), false);
    const found = own(addresses, label);
    if (found === undefined) throw new HttpProblem(404, 'Instance is not a member of specified network');
    return { [label]: found };
  }

  @Get('os-security-groups')
  @Policy('os_compute_api:os-security-groups:list')
  async groupsOf(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const { securityGroups, projectId, unfiltered } = await this.reader.one(id, request);
    await this.groups.ensureDefault(projectId, commandContext(request.caller, 'default-security-group', this.random));
    const rows = await this.groups.named(securityGroups.map(({ groupId }) => groupId));
    const inOrder = securityGroups.flatMap(({ groupId }) => rows.get(groupId) ?? []);
    const shown = (await this.groups.withRules(inOrder)).map(presentGroup);
    return { security_groups: unfiltered ? [...shown, presentUnfiltered(projectId)] : shown };
  }

  @Get('os-volume_attachments')
  @Policy('os_compute_api:os-volumes-attachments:index')
  async volumes(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.reader.one(id, request);
    return { volumeAttachments: [] };
  }

  @Get('os-instance-actions')
  @Policy('os_compute_api:os-instance-actions:list')
  async actions(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.visible(id, request);
    const actions = (await this.history.actions(id)).map((action, place) => ({ ...action, place }));
    const { rows, next } = await listed(ACTIONS, actions, request);
    const { links, query, minor } = request;
    const path = `servers/${id}/os-instance-actions`;
    return {
      instanceActions: rows.map((action) => presentActionBrief(action, { instanceId: id, minor })),
      ...(next === null ? {} : { links: [links.next(path, query, next)] }),
    };
  }

  @Get('os-instance-actions/:requestId')
  @Policy('os_compute_api:os-instance-actions:show')
  async action(
    @Param('id') id: string,
    @Param('requestId') requestId: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    const { projectId } = await this.visible(id, request);
    const found = (await this.history.actions(id)).find((action) => action.requestId === requestId);
    if (found === undefined)
      throw new HttpProblem(404, `Action for request_id ${requestId} on instance ${id} not found`);
    const { minor, rights } = request;
    const viewer = {
      ...{ instanceId: id, projectId, minor },
      mayEvents: rights.may('os_compute_api:os-instance-actions:events'),
      mayDetails: rights.may('os_compute_api:os-instance-actions:events:details'),
    };
    return { instanceAction: presentAction(found, viewer) };
  }

  private visible(id: string, request: ComputeRequest): Promise<ServerRow> {
    return request.minor >= DELETED_SINCE ? this.reader.any(id, request) : this.reader.one(id, request);
  }
}
