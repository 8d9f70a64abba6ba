import type { PlacementRequest } from '@cairn/domain';
import type { HostView } from '../host-view';

/** One reason to exclude a host. Pure; named as in nova. */
export interface Filter {
  readonly name: string;
  passes(host: HostView, request: PlacementRequest): boolean;
  /** The reason for a tenant when this filter leaves no host. */
  readonly reason: string;
  /** For operators: what the host has and what was asked for. */
  why(host: HostView, request: PlacementRequest): string;
}

/** A list for people; `nothing` for an empty one. */
export const listed = (words: readonly string[]): string => (words.length === 0 ? 'nothing' : words.join(', '));
