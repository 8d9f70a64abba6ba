import type { StreamRef } from '../kernel/aggregate';
import type { MessagesOf } from '../kernel/messages';
import type { Life } from '../kernel/owned';
import type { Instant } from '../kernel/time';
import type { FloatingIpEvents, FloatingIpRecord, FloatingTarget } from './events';

export type FloatingIpEvent = MessagesOf<FloatingIpEvents>;

export const floatingIpRef = (id: string): StreamRef => ({ category: 'floatingip', id });

export interface Association extends FloatingTarget {
  readonly associationId: string;
  /** The holder knows of it. */
  readonly bound: boolean;
  /** Of the holder's last statement where the port is; 0 before the first. */
  readonly version: number;
}

/** What a host carries of the address, or is to carry. A host that is not in the list carries nothing. */
export interface HostWork {
  readonly hostId: string;
  readonly wants: 'carried' | 'dropped';
  readonly generation: number;
  /** From 1; each try has an effect id of its own. */
  readonly attempt: number;
  readonly notBefore: Instant | null;
  readonly done: boolean;
}

export type WorkRef = Pick<HostWork, 'hostId' | 'generation'>;

export const isWork = (work: HostWork, { hostId, generation }: WorkRef): boolean =>
  work.hostId === hostId && work.generation === generation;

export interface FloatingIp {
  readonly life: Life;
  readonly record: FloatingIpRecord | undefined;
  readonly association: Association | undefined;
  /** Former associations whose holders do not know yet that they have ended. */
  readonly ended: readonly { readonly associationId: string; readonly holder: StreamRef }[];
  readonly hosts: readonly HostWork[];
  /** Grows with each change of what hosts are to carry. */
  readonly generation: number;
  /** It was released together with the names that stand for it in DNS. */
  readonly named?: true;
  readonly returned: readonly ('address' | 'names' | 'quota')[];
}

export const noFloatingIp: FloatingIp = {
  life: 'absent',
  record: undefined,
  association: undefined,
  ended: [],
  hosts: [],
  generation: 0,
  returned: [],
};
