import type {
  DnsJobs,
  FloatingIpJobs,
  Hardware,
  HostJobs,
  ImageSpec,
  InstanceFacts,
  InstanceJobs,
  InstanceSpec,
  Inventory,
  NetworkSpec,
  NicSpec,
  NetworkJobs,
  SecurityJobs,
} from '@cairn/domain';
import type { z } from 'zod';

import type { JobPayloads } from './jobs';
import type { hardware } from './schema/hardware';
import type * as instance from './schema/instance';
import type { inventory } from './schema/inventory';

/** Writable, and with every property there. */
type Plain<T> = T extends readonly (infer E)[]
  ? Plain<E>[]
  : T extends object
    ? { -readonly [K in keyof T]-?: Plain<T[K]> }
    : T;

/** Whether either type will do for the other, `readonly` apart, and neither has a property that the other lacks. */
type Same<A, B> = [A, Plain<A>, B, Plain<B>] extends [B, Plain<B>, A, Plain<A>] ? true : false;

type All<T extends readonly true[]> = T;

/** Compiles only while the schemas describe exactly the types that the domain has. */
export type Agreement = All<
  [
    Same<ImageSpec, z.infer<typeof instance.imageSpec>>,
    Same<NetworkSpec, z.infer<typeof instance.networkSpec>>,
    Same<NicSpec, z.infer<typeof instance.nicSpec>>,
    Same<Hardware, z.infer<typeof hardware>>,
    Same<InstanceSpec, z.infer<typeof instance.instanceSpec>>,
    Same<InstanceFacts, z.infer<typeof instance.instanceFacts>>,
    Same<Inventory, z.infer<typeof inventory>>,
    Same<InstanceJobs & HostJobs & NetworkJobs & SecurityJobs & FloatingIpJobs & DnsJobs, JobPayloads>,
  ]
>;
