import fc from 'fast-check';
import { asked, few, name } from '../asked';
import { uuid } from '../records';

/** Mostly of the first few; in a long life, numbers grow. */
const number = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 100 }));
const zone = fc.constantFrom('here', 'there');
const occupied = fc.boolean();
const host = fc.constantFrom('a', 'b').map((one) => ({ hostId: `host-${one}`, name: `node-${one}` }));
const servers = fc.constantFrom(0, 0, 2);

export const hostaggregates = asked({
  category: 'hostaggregates',
  streams: ['cloud'],
  requests: () => ({
    CreateHostAggregate: fc.record({ uuid: few.map(uuid), name, zone: fc.option(zone) }),
    UpdateHostAggregate: fc.record(
      { number, name, zone: fc.option(zone), occupied },
      { requiredKeys: ['number', 'occupied'] },
    ),
    SetHostAggregateMetadata: fc.record({
      number,
      metadata: fc.dictionary(fc.oneof(name, fc.constant('availability_zone')), fc.option(zone)),
      occupied,
    }),
    AddAggregateHost: fc.record({ number, host, servers }),
    RemoveAggregateHost: fc.record({ number, host, servers }),
    DeleteHostAggregate: fc.record({ number }),
  }),
});
