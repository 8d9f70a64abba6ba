import { listIn, objectIn, query } from './answers';
import { type Client, CommandError, type Json } from './client';
import type { OwnCommand } from './own-command';
import { table } from './table';

const groupTable = (groups: readonly Json[]): string =>
  table(
    ['Id', 'Name', 'Description'],
    groups.map(({ id, name, description }) => [id, name, description]),
  );

const traffic = (rule: Json): readonly unknown[] => [
  rule['ip_protocol'],
  rule['from_port'],
  rule['to_port'],
  objectIn(rule, 'ip_range')['cidr'] ?? '',
];

const TRAFFIC = ['IP Protocol', 'From Port', 'To Port', 'IP Range'];

const ruleTable = (rules: readonly Json[]): string =>
  table(
    [...TRAFFIC, 'Source Group'],
    rules.map((rule) => [...traffic(rule), objectIn(rule, 'group')['name'] ?? '']),
  );

const defaultRuleTable = (rules: readonly Json[]): string => table(TRAFFIC, rules.map(traffic));

/** The numbered or named group. A number counts as an id first. */
async function groupOf(client: Client, idOrName = ''): Promise<Json> {
  const groups = listIn(await client.compute('GET', '/os-security-groups'), 'security_groups');
  const group =
    groups.find(({ id }) => String(id) === idOrName) ?? groups.find(({ name }) => String(name) === idOrName);
  if (group === undefined) throw new CommandError(`Secgroup ID or name '${idOrName}' not found.`);
  return group;
}

const pathOf = ({ id }: Json): string => `/os-security-groups/${String(id)}`;

const list: OwnCommand['run'] = async (client, { options }) => {
  const all = query('all_tenants', options.has('all-tenants') ? '1' : undefined);
  const groups = listIn(await client.compute('GET', `/os-security-groups${all}`), 'security_groups');
  if (all === '') return groupTable(groups);
  const rows = groups.map((group) => [group['id'], group['name'], group['description'], group['tenant_id']]);
  return table(['Id', 'Name', 'Description', 'Tenant_ID'], rows);
};

const create: OwnCommand['run'] = async (client, { values: [name, description] }) => {
  const made = await client.compute('POST', '/os-security-groups', { security_group: { name, description } });
  return groupTable([objectIn(made, 'security_group')]);
};

const update: OwnCommand['run'] = async (client, { values: [group, name, description] }) => {
  const path = pathOf(await groupOf(client, group));
  const changed = await client.compute('PUT', path, { security_group: { name, description } });
  return groupTable([objectIn(changed, 'security_group')]);
};

const remove: OwnCommand['run'] = async (client, { values: [asked] }) => {
  const group = await groupOf(client, asked);
  await client.compute('DELETE', pathOf(group));
  return groupTable([group]);
};

const listRules: OwnCommand['run'] = async (client, { values: [asked] }) =>
  ruleTable(listIn(await groupOf(client, asked), 'rules'));

/** Protocol and ports, or the type and code of ICMP, as they are written. */
interface Written {
  readonly ip_protocol: string;
  readonly from_port: string;
  readonly to_port: string;
}

const written = (ip_protocol = '', from_port = '', to_port = ''): Written => ({ ip_protocol, from_port, to_port });

const same = (rule: Json, asked: Written): boolean =>
  String(rule['ip_protocol']).toUpperCase() === asked.ip_protocol.toUpperCase() &&
  Number(rule['from_port']) === Number(asked.from_port) &&
  Number(rule['to_port']) === Number(asked.to_port);

const cidrOf = (rule: Json): unknown => objectIn(rule, 'ip_range')['cidr'];

async function add(client: Client, rule: object): Promise<string> {
  const made = await client.compute('POST', '/os-security-group-rules', { security_group_rule: rule });
  return ruleTable([objectIn(made, 'security_group_rule')]);
}

async function removeRule(client: Client, rule: Json | undefined): Promise<string> {
  if (rule === undefined) throw new CommandError('Rule not found');
  await client.compute('DELETE', `/os-security-group-rules/${String(rule['id'])}`);
  return ruleTable([rule]);
}

const addRule: OwnCommand['run'] = async (client, { values: [asked, protocol, from, to, cidr] }) => {
  const { id } = await groupOf(client, asked);
  return add(client, { parent_group_id: id, ...written(protocol, from, to), cidr });
};

const deleteRule: OwnCommand['run'] = async (client, { values: [asked, protocol, from, to, cidr] }) => {
  const rules = listIn(await groupOf(client, asked), 'rules');
  const wanted = written(protocol, from, to);
  return removeRule(
    client,
    rules.find((rule) => same(rule, wanted) && cidrOf(rule) === cidr),
  );
};

const addGroupRule: OwnCommand['run'] = async (client, { values: [asked, source, protocol, from, to] }) => {
  const [{ id }, other] = [await groupOf(client, asked), await groupOf(client, source)];
  return add(client, { parent_group_id: id, group_id: other['id'], ...written(protocol, from, to) });
};

const deleteGroupRule: OwnCommand['run'] = async (client, { values: [asked, source, protocol, from, to] }) => {
  const [group, other] = [await groupOf(client, asked), await groupOf(client, source)];
  const wanted = written(protocol, from, to);
  return removeRule(
    client,
    listIn(group, 'rules').find((rule) => same(rule, wanted) && objectIn(rule, 'group')['name'] === other['name']),
  );
};

const DEFAULT_RULES = '/os-security-group-default-rules';
const defaultRules = async (client: Client): Promise<readonly Json[]> =>
  listIn(await client.compute('GET', DEFAULT_RULES), 'security_group_default_rules');

const listDefaultRules: OwnCommand['run'] = async (client) => defaultRuleTable(await defaultRules(client));

const addDefaultRule: OwnCommand['run'] = async (client, { values: [protocol, from, to, cidr] }) => {
  const rule = { ...written(protocol, from, to), cidr };
  const made = await client.compute('POST', DEFAULT_RULES, { security_group_default_rule: rule });
  return defaultRuleTable([objectIn(made, 'security_group_default_rule')]);
};

const deleteDefaultRule: OwnCommand['run'] = async (client, { values: [protocol, from, to, cidr] }) => {
  const wanted = written(protocol, from, to);
  const rule = (await defaultRules(client)).find((one) => same(one, wanted) && cidrOf(one) === cidr);
  if (rule === undefined) throw new CommandError('Rule not found');
  await client.compute('DELETE', `${DEFAULT_RULES}/${String(rule['id'])}`);
  return defaultRuleTable([rule]);
};

const command = (
  usage: string,
  about: string,
  run: OwnCommand['run'],
  most = usage === '' ? 0 : usage.split(' ').length,
): OwnCommand => ({ usage, about, values: [most, most], run });

const TRAFFIC_USAGE = 'PROTOCOL FROM TO';

/** Security groups as the guide changes them. */
export const SECURITY_GROUP_COMMANDS: Readonly<Record<string, OwnCommand>> = {
  'secgroup-list': command('[--all-tenants]', "The security groups of one's project, or of all.", list, 0),
  'secgroup-create': command('NAME DESCRIPTION', 'Make a security group.', create),
  'secgroup-update': command('GROUP NAME DESCRIPTION', 'Give a security group another name and description.', update),
  'secgroup-delete': command('GROUP', 'Delete a security group.', remove),
  'secgroup-list-rules': command('GROUP', 'The rules of a security group.', listRules),
  'secgroup-add-rule': command(`GROUP ${TRAFFIC_USAGE} CIDR`, 'Let in what comes from a block of addresses.', addRule),
  'secgroup-delete-rule': command(`GROUP ${TRAFFIC_USAGE} CIDR`, 'Let it in no more.', deleteRule),
  'secgroup-add-group-rule': command(
    `GROUP SOURCE ${TRAFFIC_USAGE}`,
    'Let in what comes from the members of a group.',
    addGroupRule,
  ),
  'secgroup-delete-group-rule': command(`GROUP SOURCE ${TRAFFIC_USAGE}`, 'Let it in no more.', deleteGroupRule),
  'secgroup-list-default-rules': command('', 'The rules that default groups begin with.', listDefaultRules),
  'secgroup-add-default-rule': command(
    `${TRAFFIC_USAGE} CIDR`,
    'Let default groups begin with a rule.',
    addDefaultRule,
  ),
  'secgroup-delete-default-rule': command(`${TRAFFIC_USAGE} CIDR`, 'Let them begin without it.', deleteDefaultRule),
};
