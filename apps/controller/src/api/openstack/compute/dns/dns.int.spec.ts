import { DNS } from '@cairn/domain';
import { outcome } from '../testing/answers';
import { ComputeCloud } from '../testing/compute-cloud';
import { microversion } from '../testing/microversion';

describe('names of addresses', () => {
  let cloud: ComputeCloud;
  beforeAll(async () => {
    cloud = await ComputeCloud.start();
    await cloud.ask('admin', 'POST', '/os-floating-ips-bulk', {
      floating_ips_bulk_create: { ip_range: '203.0.113.0/28' },
    });
  });
  afterAll(() => cloud.close());

  const ask = (who: string, method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object, minor = 1) =>
    cloud.ask(who, method, `/os-floating-ip-dns${path}`, body, microversion(minor));
  const domain = (name: string, asked: object = {}, who = 'admin') =>
    ask(who, 'PUT', `/${name}`, { domain_entry: { scope: 'public', ...asked } });
  const entry = (who: string, of: string, name: string, ip: string, dns_type = 'A') =>
    ask(who, 'PUT', `/${of}/entries/${name}`, { dns_entry: { ip, dns_type } });
  const own = async (who: string): Promise<{ readonly id: number; readonly ip: string }> => {
    const { body } = await cloud.ask(who, 'POST', '/os-floating-ips', {});
    return (body as { floating_ip: { id: number; ip: string } }).floating_ip;
  };

  it('are in domains that administrators make, change and delete in the words of nova', async () => {
    const one = { domain: 'one.example.org', scope: 'public', project: 'p-t1', availability_zone: null };
    expect((await domain('one.example.org', { project: 'p-t1' })).body).toEqual({ domain_entry: one });
    const two = { domain: 'two.example.org', scope: 'private', project: null, availability_zone: 'nova' };
    const made = await domain('two%252Eexample%252Eorg', { scope: 'private', availability_zone: 'nova' });
    expect(made.body).toEqual({ domain_entry: two });
    const who = cloud.tenant();
    expect((await ask(who, 'GET', '')).body).toEqual({ domain_entries: [one, two] });
    expect((await domain('two.example.org')).status).toBe(200);
    expect((await domain('two.example.org', {}, who)).status).toBe(403);
    expect((await ask(who, 'DELETE', '/two.example.org')).status).toBe(403);
    expect((await ask('admin', 'DELETE', '/two.example.org')).status).toBe(202);
    expect(await outcome(ask('admin', 'DELETE', '/two.example.org'))).toEqual([404, 'Resource could not be found.']);
    expect((await ask(who, 'GET', '', undefined, 36)).status).toBe(404);
    await ask('admin', 'DELETE', '/one.example.org');
  });

  it.each([
    [{ scope: 'private', project: 'p' }, /^you can not pass project if the scope is private$/],
    [{ scope: 'public', availability_zone: 'z' }, /^you can not pass av_zone if the scope is public$/],
    [{ scope: 'secret' }, /scope/],
    [{ scope: 'public', colour: 'blue' }, /Additional properties are not allowed/],
  ])('are not in a domain like %j', async (asked, why) => {
    const [status, message] = await outcome(domain('bad.example.org', asked));
    expect([status, message]).toEqual([400, expect.stringMatching(why)]);
  });

  it('stand for floating IPs of their project, and are found by both', async () => {
    await domain('named.test');
    const who = cloud.tenant();
    const { ip } = await own(who);
    const www = { ip, name: 'www', domain: 'named.test', id: null };
    expect((await entry(who, 'named.test', 'www', ip)).body).toEqual({ dns_entry: { ...www, type: 'A' } });
    expect((await entry(who, 'named.test', 'api', ip, 'a')).status).toBe(200);
    expect((await ask(who, 'GET', '/named.test/entries/www')).body).toEqual({ dns_entry: { ...www, type: null } });
    expect((await ask(who, 'GET', `/named.test/entries/${ip}`)).body).toEqual({
      dns_entries: ['api', 'www'].map((name) => ({ ...www, name, type: null })),
    });
    const other = await own(who);
    await entry(who, 'named.test', 'www', other.ip);
    expect((await ask(who, 'GET', '/named.test/entries/www')).body).toMatchObject({ dns_entry: { ip: other.ip } });
    expect((await ask(who, 'DELETE', '/named.test/entries/api')).status).toBe(202);
    expect(await outcome(ask(who, 'DELETE', '/named.test/entries/api'))).toEqual([404, 'Resource could not be found.']);
    expect(await outcome(ask(who, 'GET', '/named.test/entries/api'))).toEqual([404, 'DNS entries not found.']);
    expect(await outcome(ask(who, 'GET', `/named.test/entries/${ip}`))).toEqual([404, 'DNS entries not found.']);
    const { hosts, version } = await cloud.core.executor.state(DNS);
    expect([hosts.size, version]).toEqual([0, 4]); // no host has said that it is there
  });

  it('are not taken from others, nor given to addresses of others', async () => {
    await domain('shared.test');
    const [who, other] = [cloud.tenant(), cloud.tenant()];
    await domain('private.test', { project: `p-${other}` });
    const { ip } = await own(who);
    const refused = [403, 'The DNS domain or entry belongs to another project.'];
    expect((await entry(who, 'shared.test', 'www', ip)).status).toBe(200);
    expect(await outcome(entry(other, 'shared.test', 'www', '192.0.2.1'))).toEqual(refused);
    expect(await outcome(ask(other, 'DELETE', '/shared.test/entries/www'))).toEqual(refused);
    expect(await outcome(entry(who, 'private.test', 'www', ip))).toEqual(refused);
    const notTheirs = [404, `Floating IP not found for address ${ip}.`];
    expect(await outcome(entry(other, 'shared.test', 'mine', ip))).toEqual(notTheirs);
    expect((await entry(other, 'shared.test', 'elsewhere', '192.0.2.1')).status).toBe(200);
    expect((await entry('admin', 'shared.test', 'theirs', ip)).status).toBe(200);
    expect((await entry('admin', 'shared.test', 'six', '2001:DB8::1')).status).toBe(200);
    expect((await ask(who, 'GET', '/shared.test/entries/2001:db8:0::1')).body).toMatchObject({
      dns_entries: [{ name: 'six' }],
    });
  });

  it.each([
    ['www', 'x', /ip/],
    ['www', '1.2.3.4.5', /ip/],
    ['a%20b', '192.0.2.1', /^Invalid name a b$/],
    ['-a', '192.0.2.1', /^Invalid name -a$/],
    ['a'.repeat(64), '192.0.2.1', /^Invalid name a+$/],
  ])('are refused as %s for %s', async (name, ip, why) => {
    await domain('strict.test');
    const [status, message] = await outcome(entry('admin', 'strict.test', name, ip));
    expect([status, message]).toEqual([400, expect.stringMatching(why)]);
  });

  it('need a domain that is there', async () => {
    expect(await outcome(entry('admin', 'nowhere.test', 'www', '192.0.2.1'))).toEqual([
      404,
      'Resource could not be found.',
    ]);
    expect(await outcome(domain('a b'.replace(' ', '%20')))).toEqual([400, 'Invalid domain a b']);
    expect((await ask('admin', 'GET', '/nowhere.test/entries/fe80::1%25eth0')).status).toBe(404);
  });
});
