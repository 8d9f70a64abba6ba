import type { JobEffect } from '../kernel/effect';
import { HOST_A, HOST_B } from '../testing/examples';
import { after, specOf } from '../testing/given';
import { dns, type DnsCommand, type DnsEvent } from './index';

const given = specOf(dns);

const domain = (projectId: string | null = null, name = 'example.org'): DnsEvent => ({
  type: 'dns.domain-set.v1',
  data: { domain: name, scope: 'public', projectId, availabilityZone: null },
});
const entry = (name: string, address = '203.0.113.1', projectId: string | null = 'p1'): DnsEvent => ({
  type: 'dns.entry-set.v1',
  data: { domain: 'example.org', name, address, projectId },
});
const gone = (name: string): DnsEvent => ({ type: 'dns.entry-deleted.v1', data: { domain: 'example.org', name } });
const host = (hostId: string): DnsEvent => ({ type: 'dns.host-added.v1', data: { hostId } });
const set = (name: string, by: string | null, address = '203.0.113.1'): DnsCommand => ({
  type: 'SetDnsEntry',
  data: { domain: 'Example.org', name, address, by },
});
const remove = (name: string, by: string | null): DnsCommand => ({
  type: 'DeleteDnsEntry',
  data: { domain: 'example.org', name, by },
});
const told = (...history: readonly DnsEvent[]): readonly unknown[] =>
  given(...history).owed.map((owed) => [(owed as JobEffect).hostId, (owed as JobEffect).job.payload]);

describe('a domain', () => {
  it('is made, given to others, and taken away with its names', () => {
    const data = { domain: 'example.org', scope: 'public', projectId: null, availabilityZone: null } as const;
    given().when({ type: 'SetDnsDomain', data }).then(domain());
    given(domain()).when({ type: 'SetDnsDomain', data }).thenNothing();
    given(domain())
      .when({ type: 'SetDnsDomain', data: { ...data, projectId: 'p1' } })
      .then(domain('p1'));
    const away: DnsCommand = { type: 'DeleteDnsDomain', data: { domain: 'EXAMPLE.org' } };
    given().when(away).thenRefuses('dns.domain-not-found');
    const { state } = given(domain(), entry('www')).when(away);
    expect([state.domains.size, state.entries.size, state.version]).toEqual([0, 0, 2]);
    expect(given(domain()).when(away).state.version).toBe(0);
  });

  it('of a project takes names of that project and of administrators only', () => {
    given(domain('p1')).when(set('www', 'p2')).thenRefuses('dns.forbidden');
    expect(given(domain('p1')).when(set('www', 'p1')).events).toHaveLength(1);
    expect(given(domain('p1')).when(set('www', null)).events).toHaveLength(1);
    given().when(set('www', null)).thenRefuses('dns.domain-not-found');
  });
});

describe('a name', () => {
  it('stands for one address, whatever its letters, and is changed by its project or an administrator', () => {
    const history = [domain(), entry('www')];
    given(...history)
      .when(set('WWW', 'p1'))
      .thenNothing();
    const { state } = given(...history).when(set('WWW', null, '203.0.113.2'));
    expect([...state.entries.values()]).toEqual([
      { domain: 'Example.org', name: 'WWW', address: '203.0.113.2', projectId: 'p1' },
    ]);
    given(...history)
      .when(set('www', 'p2', '203.0.113.2'))
      .thenRefuses('dns.forbidden');
    given(...history)
      .when(remove('www', 'p2'))
      .thenRefuses('dns.forbidden');
    given(...history)
      .when(remove('www', 'p1'))
      .then(gone('www'));
    given(domain()).when(remove('www', 'p1')).thenRefuses('dns.entry-not-found');
  });

  it('goes when its address is given back', () => {
    given(domain(), entry('www'), entry('api'), entry('db', '203.0.113.2'))
      .when({ type: 'ForgetDnsAddress', data: { address: '203.0.113.1' } })
      .then(gone('www'), gone('api'));
  });

  it('is one of at most a thousand of a project', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => entry(`n${String(i)}`));
    given(domain(), ...many)
      .when(set('more', 'p1'))
      .thenRefuses('dns.quota');
    expect(given(domain(), ...many).when(set('more', 'p2')).events).toHaveLength(1);
    expect(given(domain(), ...many).when(set('n1', 'p1', '203.0.113.9')).events).toHaveLength(1);
  });
});

describe('hosts', () => {
  it('are told of all names, and of what has changed since', () => {
    expect(told(domain(), host(HOST_A))).toEqual([]);
    const names = [{ name: 'www.example.org', address: '203.0.113.1' }];
    const history = [domain(), entry('WWW'), host(HOST_A), host(HOST_B)];
    const news = (hostId: string, version: number, all: readonly object[]) => [hostId, { version, names: all }];
    expect(told(...history)).toEqual([news(HOST_A, 1, names), news(HOST_B, 1, names)]);
    const updated: DnsEvent = { type: 'dns.host-updated.v1', data: { hostId: HOST_A, version: 1 } };
    expect(told(...history, updated)).toEqual([news(HOST_B, 1, names)]);
    expect(told(...history, updated, gone('www'))).toEqual([news(HOST_A, 2, []), news(HOST_B, 2, [])]);
    expect(told(...history, updated, { type: 'dns.host-removed.v1', data: { hostId: HOST_B } })).toEqual([]);
  });

  it('come and go once, and are asked again later when they fail', () => {
    given(host(HOST_A))
      .when({ type: 'AddDnsHost', data: { hostId: HOST_A } })
      .thenNothing();
    given()
      .when({ type: 'RemoveDnsHost', data: { hostId: HOST_A } })
      .thenNothing();
    const failed = { hostId: HOST_A, version: 1, code: 'network.failed', message: 'No.' };
    given(domain(), entry('www'), host(HOST_A))
      .when({ type: 'RecordHostNotUpdated', data: { ...failed, applied: 0, tries: 0 } })
      .then({ type: 'dns.host-not-updated.v1', data: { ...failed, retryAt: after(10) } });
  });
});
