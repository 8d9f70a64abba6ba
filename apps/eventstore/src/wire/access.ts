import type { Metadata } from '@grpc/grpc-js';
import type { WireError } from './errors';

/** What a call wants to do to a stream. Of a metastream `$$s`, `read` and `write` mean the metadata of `s`. */
export type StreamAction = 'read' | 'write' | 'delete';

/** Stands for all streams together in {@link Caller.refusal}. */
export const ALL_STREAMS = '$all';

/** The user who made a call. */
export interface Caller {
  /** Why this caller may not do that, or undefined: asked once for each stream that a call names, on the hot path. */
  refusal(action: StreamAction, stream: string): WireError | undefined;
}

/** Finds out who made a call, once a call, before anything of it is carried out. */
export interface Gate {
  /** @throws WireError (UNAUTHENTICATED) when the caller is not who it says */
  admit(call: { readonly metadata: Metadata }): Caller | Promise<Caller>;
}
