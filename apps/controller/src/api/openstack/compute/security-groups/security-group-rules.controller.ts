import { Body, Controller, Delete, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { groupNotFound, ruleNotFound } from '@cairn/domain';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { groupsOfProject } from '../../../../application/security-group/default-group';
import {
  type AskedRule,
  SecurityGroupService,
  type SecurityGroupView,
} from '../../../../application/security-group/security-groups';
import type { Random } from '../../../../random';
import { HttpProblem, Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute, scopeOf } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { fieldsOf, numberOf } from './bodies';
import { blockRule, groupRule, type RuleFields } from './rule-body';
import { presentRule } from './security-group.presenter';

const RULE = 'os_compute_api:os-security-groups:rule';

@Controller(computePaths('os-security-group-rules'))
@Until(LAST_PROXY)
export class SecurityGroupRulesController {
  constructor(
    private readonly groups: SecurityGroupService,
    private readonly writes: Writes,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Post()
  @HttpCode(200)
  @Policy(`${RULE}:create`)
  async create(@Body() body: unknown, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const fields = fieldsOf(body, 'security_group_rule');
    const parent = await this.group(fields['parent_group_id'], request);
    const { asked, source } = await this.asked(fields, parent, request);
    const context = commandContext(request.caller, 'create-security-group-rule', this.random);
    const number = await this.groups.addRule(parent, asked, context);
    const { protocol, from: fromPort, to: toPort, remote } = asked;
    const cidr = remote !== null && 'cidr' in remote ? remote.cidr : null;
    const row = { ...asked, id: '', number, groupId: parent.id, projectId: parent.projectId, createdAt: '' };
    const shown = { ...row, protocol, fromPort, toPort, cidr, groupNumber: parent.number, source };
    return { security_group_rule: presentRule({ ...shown, remoteGroupId: source?.id ?? null })[0] };
  }

  @Delete(':id')
  @HttpCode(202)
  @Policy(`${RULE}:delete`)
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    const rule = await this.groups.findRule(numberOf(id, 'Rule'), scopeOf(request));
    if (rule === null) throw ruleNotFound(id.slice(0, 255));
    const context = commandContext(request.caller, `delete-security-group-rule/${id}`, this.random);
    const command = { type: 'RemoveSecurityRule', data: { ruleId: rule.id } } as const;
    await this.writes.execute(groupsOfProject(rule.projectId), command, context);
  }

  private async asked(
    fields: RuleFields,
    parent: SecurityGroupView,
    request: ComputeRequest,
  ): Promise<{ readonly asked: AskedRule; readonly source: SecurityGroupView | null }> {
    const { group_id: id } = fields;
    if (id === undefined || id === null) return { asked: blockRule(fields), source: null };
    const source = await this.group(id, request);
    // members of another project's group are told to no host yet
    if (source.projectId !== parent.projectId)
      throw new HttpProblem(400, `Security group ${String(source.number)} belongs to another project.`);
    return { asked: groupRule(fields, source.id), source };
  }

  private async group(id: unknown, request: ComputeRequest): Promise<SecurityGroupView> {
    const number = numberOf(id, 'Security group');
    const group = await this.groups.find(number, scopeOf(request));
    if (group === null) throw groupNotFound(String(number));
    return group;
  }
}
