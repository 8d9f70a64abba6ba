import { deriveId, egressRules, groupNamed, type GroupRef, type SecurityRule, UNFILTERED } from '@cairn/domain';
import { type ReadModel, SecurityGroupRow, SecurityGroupRuleRow } from '@cairn/projections';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, READ_MODEL, ReadYourWrites, RequestKeys, stepOf } from '../core';
import { userLimit } from '../quota/project-limit';
import { DEFAULT_RULES, ensureDefaultGroup, groupNumber, groupsOfProject, ruleNumbers } from './default-group';

export interface SecurityGroupView extends SecurityGroupRow {
  /** What nova's API shows of them: what comes in. */
  readonly rules: readonly RuleView[];
}

export interface RuleView extends SecurityGroupRuleRow {
  /** The nova number of its group. */
  readonly groupNumber: number;
  /** The group whose members it lets in; null for a block of addresses. */
  readonly source: { readonly name: string; readonly projectId: string } | null;
}

/** A row as values alone. */
type Fields<R> = { readonly [K in keyof R]: R[K] };

/** What a rule lets in, before it has an id. */
export type AskedRule = Omit<SecurityRule, 'ruleId' | 'number'>;

/** Security groups of projects, and the rules that default groups begin with. */
@Injectable()
export class SecurityGroupService {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(READ_MODEL) private readonly readModel: ReadModel,
    private readonly writes: ReadYourWrites,
    private readonly keys: RequestKeys,
  ) {}

  async ensureDefault(projectId: string, context: CommandContext): Promise<void> {
    const made = await ensureDefaultGroup(this.executor, projectId, context);
    if (made !== undefined) await this.writes.settled(made);
  }

  /** @param scope the project that must own it; null for all. */
  async find(number: number, scope: string | null): Promise<SecurityGroupView | null> {
    const [row] = await this.readModel.rowsWith(SecurityGroupRow, { number });
    if (row === undefined || (scope !== null && row.projectId !== scope)) return null;
    return (await this.withRules([row]))[0] ?? null;
  }

  /** Groups with these ids that are there, by id. */
  async named(ids: readonly string[]): Promise<ReadonlyMap<string, SecurityGroupRow>> {
    if (ids.length === 0) return new Map();
    const rows = await this.readModel.read((all) => all.find(SecurityGroupRow, { where: { id: In([...ids]) } }));
    return new Map(rows.map((row) => [row.id, row]));
  }

  async withRules(groups: readonly SecurityGroupRow[]): Promise<readonly SecurityGroupView[]> {
    if (groups.length === 0) return [];
    const ids = groups.map(({ id }) => id);
    const rules = await this.readModel.read((all) =>
      all.find(SecurityGroupRuleRow, {
        where: { groupId: In(ids), direction: 'ingress' },
        order: { number: 'ASC', id: 'ASC' },
      }),
    );
    const sources = await this.named([...new Set(rules.flatMap(({ remoteGroupId: id }) => (id === null ? [] : [id])))]);
    return groups.map((group: Fields<SecurityGroupRow>) => ({
      ...group,
      rules: rules
        .filter(({ groupId }) => groupId === group.id)
        .map((rule: Fields<SecurityGroupRuleRow>) => ({
          ...rule,
          groupNumber: group.number,
          source: rule.remoteGroupId === null ? null : (sources.get(rule.remoteGroupId) ?? null),
        })),
    }));
  }

  /** @param scope the project that must own it; null for all. */
  async findRule(number: number, scope: string | null): Promise<SecurityGroupRuleRow | null> {
    const [row = null] = await this.readModel.rowsWith(SecurityGroupRuleRow, { number });
    return row === null || (scope !== null && row.projectId !== scope) ? null : row;
  }

  /** @throws DomainError `security-group.exists` or `security-group.quota`. */
  async create(
    projectId: string,
    { name, description }: { readonly name: string; readonly description: string },
    context: CommandContext,
  ): Promise<SecurityGroupView> {
    await this.keys.use(context);
    await ensureDefaultGroup(this.executor, projectId, context);
    const groupId = deriveId(context.commandId, 'security-group');
    const number = await groupNumber(this.executor, groupId, context);
    const limit = await userLimit(this.executor, projectId, context.actor.userId, 'security_groups');
    const data = { groupId, projectId, number, name, description, rules: egressRules(groupId), limit };
    const command = { type: 'CreateSecurityGroup', data } as const;
    const target = groupsOfProject(projectId);
    await this.writes.settled(await this.executor.execute(target, command, stepOf(context, 'create')));
    return { id: groupId, number, projectId, name, description, isDefault: false, createdAt: '', rules: [] };
  }

  /** @throws DomainError `security-group.rule-exists` or `security-group.rules-quota`. */
  async addRule(
    { id: groupId, projectId }: Pick<SecurityGroupRow, 'id' | 'projectId'>,
    asked: AskedRule,
    context: CommandContext,
  ): Promise<number> {
    await this.keys.use(context);
    const ruleId = deriveId(context.commandId, 'security-group-rule');
    const [number = 0] = await ruleNumbers(this.executor, [ruleId], context);
    const limit = await userLimit(this.executor, projectId, context.actor.userId, 'security_group_rules');
    const command = { type: 'AddSecurityRule', data: { groupId, rule: { ...asked, ruleId, number }, limit } } as const;
    const target = groupsOfProject(projectId);
    await this.writes.settled(await this.executor.execute(target, command, stepOf(context, 'add-rule')));
    return number;
  }

  async defaultRules(): Promise<readonly SecurityRule[]> {
    return (await this.executor.state(DEFAULT_RULES)).rules;
  }

  /** @throws DomainError `security-default.exists`. */
  async addDefaultRule(asked: AskedRule, context: CommandContext): Promise<SecurityRule> {
    await this.keys.use(context);
    const ruleId = deriveId(context.commandId, 'security-default-rule');
    const [number = 0] = await ruleNumbers(this.executor, [ruleId], context);
    const rule = { ...asked, ruleId, number };
    await this.executor.execute(DEFAULT_RULES, { type: 'AddDefaultRule', data: { rule } }, stepOf(context, 'add'));
    return rule;
  }

  /** The group of that name, or else of that number, as a server's project has it. Undefined if there is none. */
  async groupNamed(projectId: string, name: string): Promise<GroupRef | undefined> {
    if (name === UNFILTERED) return { groupId: deriveId(projectId, UNFILTERED), name };
    const state = await this.executor.state(groupsOfProject(projectId));
    const group = groupNamed(state, name) ?? [...state.groups.values()].find(({ number }) => String(number) === name);
    return group === undefined ? undefined : { groupId: group.groupId, name: group.name };
  }
}
