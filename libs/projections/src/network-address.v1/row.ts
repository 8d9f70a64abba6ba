import type { Instant } from '@cairn/domain';
import { Entity, Index } from 'typeorm';
import { Id, Key, Time } from '../columns';

/** An address that an instance holds now; gone when it is given back. Tells the metadata service who is calling. */
@Entity({ name: 'network_address_v1' })
@Index('network_address_v1_address', ['networkId', 'address'])
@Index('network_address_v1_instance', ['instanceId'])
export class NetworkAddressRow {
  /** The id of the claim on the address. */
  @Key() readonly id!: string;
  @Id() readonly networkId!: string;
  @Id() readonly instanceId!: string;
  @Id() readonly address!: string;
  @Id() readonly mac!: string;
  @Time() readonly allocatedAt!: Instant;
}
