import { first, listIn, objectIn } from './answers';
import { CommandError } from './client';
import type { OwnCommand } from './own-command';
import { listed, removed } from './resource-commands';
import { columnsOf, tableOf } from './table';

const PATH = '/os-floating-ip-dns';

const entryPath = (domain = '', name = ''): string =>
  `${PATH}/${encodeURIComponent(domain)}/entries/${encodeURIComponent(name)}`;

const domains = listed(PATH, 'domain_entries', columnsOf('domain', 'scope', 'project', 'availability_zone'));

const list: OwnCommand['run'] = async (client, { values: [domain], options }) => {
  const [ip, name] = [options.get('ip'), options.get('name')];
  if ((ip === undefined) === (name === undefined)) throw new CommandError('You must specify either --ip or --name');
  const answer = await client.compute('GET', entryPath(domain, ip ?? name));
  const found = ip === undefined ? [objectIn(answer, 'dns_entry')] : listIn(answer, 'dns_entries');
  return tableOf(columnsOf('ip', 'name', 'domain'), found);
};

const create: OwnCommand['run'] = async (client, { values: [ip, name, domain], options }) => {
  const dns_entry = { ip, dns_type: options.get('type') ?? 'A' };
  await client.compute('PUT', entryPath(domain, name), { dns_entry });
  return '';
};

const remove: OwnCommand['run'] = async (client, { values: [domain, name] }) => {
  await client.compute('DELETE', entryPath(domain, name));
  return '';
};

/** @param option names the project or zone that the domain is for, if any. @param field the same, in the request */
const createDomain =
  (scope: 'public' | 'private', option: string, field: string): OwnCommand['run'] =>
  async (client, given) => {
    const whose = given.options.get(option);
    const domain_entry = { scope, ...(whose === undefined ? {} : { [field]: whose }) };
    await client.compute('PUT', `${PATH}/${first(given)}`, { domain_entry });
    return '';
  };

export const DNS_COMMANDS: Readonly<Record<string, OwnCommand>> = {
  'dns-domains': { usage: '', about: 'Domains for names of addresses.', values: [0, 0], run: domains },
  'dns-create-public-domain': {
    usage: 'DOMAIN [--project PROJECT]',
    about: 'Make a domain for names of floating IPs.',
    values: [1, 1],
    run: createDomain('public', 'project', 'project'),
  },
  'dns-create-private-domain': {
    usage: 'DOMAIN [--availability-zone ZONE]',
    about: 'Make a domain for names within a zone.',
    values: [1, 1],
    run: createDomain('private', 'availability-zone', 'availability_zone'),
  },
  'dns-delete-domain': { usage: 'DOMAIN', about: 'Delete a domain.', values: [1, 1], run: removed(PATH) },
  'dns-list': {
    usage: 'DOMAIN --ip ADDRESS | --name NAME',
    about: 'The names of an address, or what a name stands for.',
    values: [1, 1],
    run: list,
  },
  'dns-create': {
    usage: 'ADDRESS NAME DOMAIN [--type A]',
    about: 'Let a name stand for an address.',
    values: [3, 3],
    run: create,
  },
  'dns-delete': { usage: 'DOMAIN NAME', about: 'Delete a name.', values: [2, 2], run: remove },
};
