import { Controller, Get, Param } from '@nestjs/common';
import { HttpProblem, Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { DEFAULT_GROUP, presentGroup } from './security-group.presenter';

@Controller(computePaths('os-security-groups'))
@Until(LAST_PROXY)
export class SecurityGroupsController {
  @Get()
  @Policy('os_compute_api:os-security-groups:get')
  index(@FromCompute() { projectId }: ComputeRequest): unknown {
    return { security_groups: [presentGroup(DEFAULT_GROUP.name, projectId)] };
  }

  @Get(':id')
  @Policy('os_compute_api:os-security-groups:show')
  show(@Param('id') id: string, @FromCompute() { projectId }: ComputeRequest): unknown {
    if (id !== String(DEFAULT_GROUP.id)) throw new HttpProblem(404, `Security group ${id} not found.`);
    return { security_group: presentGroup(DEFAULT_GROUP.name, projectId) };
  }
}
