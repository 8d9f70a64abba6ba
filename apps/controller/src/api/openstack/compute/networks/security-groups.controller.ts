import { Controller, Get, Param } from '@nestjs/common';
import { listed } from '../../../../application/lists';
import { HttpProblem, Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { SECURITY_GROUPS } from './network-lists';
import { DEFAULT_GROUP, presentGroup } from './security-group.presenter';

@Controller(computePaths('os-security-groups'))
@Until(LAST_PROXY)
export class SecurityGroupsController {
  @Get()
  @Policy('os_compute_api:os-security-groups:get')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await listed(SECURITY_GROUPS, [DEFAULT_GROUP], request);
    return { security_groups: rows.map(({ name }) => presentGroup(name, request.projectId)) };
  }

  @Get(':id')
  @Policy('os_compute_api:os-security-groups:show')
  show(@Param('id') id: string, @FromCompute() { projectId }: ComputeRequest): unknown {
    if (id !== String(DEFAULT_GROUP.id)) throw new HttpProblem(404, `Security group ${id} not found.`);
    return { security_group: presentGroup(DEFAULT_GROUP.name, projectId) };
  }
}
