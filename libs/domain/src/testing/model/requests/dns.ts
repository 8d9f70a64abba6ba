import fc from 'fast-check';
import { DNS } from '../../../dns';
import { asked, PROJECTS } from '../asked';

const domain = fc.constantFrom('example.org', 'Example.ORG', 'cloud.test').map((text) => ({ domain: text }));
const address = fc.constantFrom('203.0.113.1', '203.0.113.2');
const by = fc.constantFrom(null, ...PROJECTS);
const named = fc.record({
  domain: fc.constantFrom('example.org', 'cloud.test'),
  name: fc.constantFrom('www', 'WWW', 'db'),
  by,
});
const host = fc.constantFrom('h1', 'h2').map((hostId) => ({ hostId }));

export const dns = asked({
  category: 'dns',
  streams: [DNS.id],
  requests: () => ({
    SetDnsDomain: fc.oneof(
      fc.record({ domain, projectId: by }).map(({ domain: of, projectId }) => ({
        ...of,
        ...({ scope: 'public', projectId, availabilityZone: null } as const),
      })),
      domain.map((of) => ({ ...of, scope: 'private', projectId: null, availabilityZone: 'nova' }) as const),
    ),
    DeleteDnsDomain: domain,
    SetDnsEntry: fc.record({ one: named, address }).map(({ one, address: at }) => ({ ...one, address: at })),
    DeleteDnsEntry: named,
    ForgetDnsAddress: address.map((text) => ({ address: text })),
    AddDnsHost: host,
    RemoveDnsHost: host,
  }),
});
