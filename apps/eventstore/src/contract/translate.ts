import { Refused, type Resolved, type Seen } from './peer';

/** An event as both clients give it. */
export interface ClientEvent {
  readonly streamId: string;
  readonly revision: bigint;
  readonly position?: { readonly commit: bigint } | undefined;
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data?: unknown;
  readonly metadata?: unknown;
}

export interface ClientResolved {
  readonly event?: ClientEvent | undefined;
  readonly link?: ClientEvent | undefined;
}

export function resolvedOf({ event, link }: ClientResolved): Resolved {
  return { event: seenOf(event), link: seenOf(link) };
}

function seenOf(event: ClientEvent | undefined): Seen | undefined {
  if (event === undefined) return undefined;
  const { streamId, revision, position, id, type, isJson, data, metadata } = event;
  return {
    stream: streamId,
    revision,
    position: position?.commit ?? -1n,
    id,
    type,
    json: isJson,
    data: plain(data),
    metadata: plain(metadata),
  };
}

/** Bytes in one form; absent metadata is `{}` for one client and undefined for the other. */
function plain(body: unknown): unknown {
  return body instanceof Uint8Array ? Buffer.from(body) : body;
}

/** The clients agree in what they say, not in how they call it. */
export function refusedOf(error: unknown): Refused {
  const said = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  const message = error instanceof Error ? error.message : String(error);
  return new Refused(
    text(said('type')) ?? 'other',
    number(said('code')),
    message,
    text(said('streamName')),
    said('expectedVersion') ?? said('expectedState'),
    said('actualVersion') ?? said('actualState'),
    number(said('maxAppendSize')),
  );
}

/** Runs a client's call and puts its refusal into the suite's words. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw refusedOf(error);
  }
}

/** Reads to the end. */
export async function collected(reading: AsyncIterable<ClientResolved>): Promise<readonly Resolved[]> {
  const all: Resolved[] = [];
  for await (const item of reading) all.push(resolvedOf(item));
  return all;
}
