import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { defaultRuleNotFound, type SecurityRule } from '@cairn/domain';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { listed } from '../../../../application/lists';
import { DEFAULT_RULES as STREAM } from '../../../../application/security-group/default-group';
import { SecurityGroupService } from '../../../../application/security-group/security-groups';
import type { Random } from '../../../../random';
import { Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { fieldsOf, numberOf } from './bodies';
import { blockRule } from './rule-body';
import { DEFAULT_RULES } from './security-group-list';
import { presentDefaultRule } from './security-group.presenter';

const RULE = 'os_compute_api:os-security-group-default-rules';

/** The rules that default groups begin with: as in nova-network, an administrator's. */
@Controller(computePaths('os-security-group-default-rules'))
@Until(LAST_PROXY)
export class SecurityGroupDefaultRulesController {
  constructor(
    private readonly groups: SecurityGroupService,
    private readonly writes: Writes,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @Policy(RULE)
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { rows } = await listed(DEFAULT_RULES, await this.groups.defaultRules(), request);
    return { security_group_default_rules: rows.map(presentDefaultRule) };
  }

  @Get(':id')
  @Policy(RULE)
  async show(@Param('id') id: string): Promise<unknown> {
    return { security_group_default_rule: presentDefaultRule(await this.found(id)) };
  }

  @Post()
  @HttpCode(200)
  @Policy(RULE)
  async create(@Body() body: unknown, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const asked = blockRule(fieldsOf(body, 'security_group_default_rule'));
    const context = commandContext(request.caller, 'create-security-group-default-rule', this.random);
    return { security_group_default_rule: presentDefaultRule(await this.groups.addDefaultRule(asked, context)) };
  }

  @Delete(':id')
  @HttpCode(204)
  @Policy(RULE)
  async remove(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<void> {
    const { ruleId } = await this.found(id);
    const context = commandContext(request.caller, `delete-security-group-default-rule/${id}`, this.random);
    await this.writes.execute(STREAM, { type: 'RemoveDefaultRule', data: { ruleId } }, context);
  }

  private async found(id: string): Promise<SecurityRule> {
    const number = numberOf(id, 'Rule');
    const rule = (await this.groups.defaultRules()).find((one) => one.number === number);
    if (rule === undefined) throw defaultRuleNotFound(id.slice(0, 255));
    return rule;
  }
}
