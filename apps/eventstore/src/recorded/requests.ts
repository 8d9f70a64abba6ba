import { randomUUID } from 'node:crypto';
import * as shared from '@eventstore/db-client/generated/shared_pb';
import * as messages from '@eventstore/db-client/generated/streams_pb';
import { Empty as GoogleEmpty } from 'google-protobuf/google/protobuf/empty_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { OWN, type Args, type EventArgs, type FilterArgs } from './conversation';

const { BatchAppendReq, ReadReq } = messages;

const NIL_ID = '00000000-0000-0000-0000-000000000000';

/** A position in `$all`, both halves as decimal u64. */
export interface Position {
  readonly commit: string;
  readonly prepare: string;
}

/** The streams and ids of one conversation, which may run again and again on the same server. */
export class Names {
  readonly prefix = randomUUID().replaceAll('-', '').slice(0, 12);
  private readonly ids = new Map<string, string>();

  real(text: string): string {
    return text.replaceAll(OWN, this.prefix);
  }

  shown(text: string): string {
    return text.replaceAll(this.prefix, OWN);
  }

  idOf(label: string | undefined): string {
    if (label === undefined) return randomUUID();
    if (label === 'nil') return NIL_ID;
    const id = this.ids.get(label) ?? randomUUID();
    this.ids.set(label, id);
    return id;
  }

  labelOf(id: string): string {
    if (id === NIL_ID) return 'nil';
    return [...this.ids].find(([, known]) => known === id)?.[0] ?? 'new';
  }
}

/** Builds the messages that a conversation's arguments describe. */
export class Requests {
  constructor(private readonly names: Names) {}

  /** The options message of a classic append, a delete or a tombstone. */
  writeOptions<O extends messages.AppendReq.Options | messages.DeleteReq.Options | messages.TombstoneReq.Options>(
    options: O,
    { stream, expected, omit }: Args,
  ): O {
    if (!omit.includes('stream')) options.setStreamIdentifier(this.identifier(stream));
    if (expected === 'any') options.setAny(new shared.Empty());
    else if (expected === 'no_stream') options.setNoStream(new shared.Empty());
    else if (expected === 'stream_exists') options.setStreamExists(new shared.Empty());
    else if (expected !== 'none') options.setRevision(String(expected));
    return options;
  }

  /** The messages of one batch append. */
  batch(args: Args, correlationId: shared.UUID): readonly messages.BatchAppendReq[] {
    const { chunks = [args.events.length], omit } = args;
    const rest = args.events.map((event) => this.proposed(event, new BatchAppendReq.ProposedMessage()));
    return chunks.map((size, index) => {
      const request = new BatchAppendReq().setCorrelationId(correlationId);
      if (index === 0 && !omit.includes('options')) request.setOptions(this.batchOptions(args));
      request.setProposedMessagesList(rest.splice(0, size));
      return request.setIsFinal(index === chunks.length - 1 && !omit.includes('final'));
    });
  }

  private batchOptions({ stream, expected, deadline, omit }: Args): messages.BatchAppendReq.Options {
    const options = new BatchAppendReq.Options();
    if (!omit.includes('stream')) options.setStreamIdentifier(this.identifier(stream));
    if (expected === 'any') options.setAny(new GoogleEmpty());
    else if (expected === 'no_stream') options.setNoStream(new GoogleEmpty());
    else if (expected === 'stream_exists') options.setStreamExists(new GoogleEmpty());
    else if (expected !== 'none') options.setStreamPosition(String(expected));
    const until = new Timestamp();
    until.fromDate(new Date(Date.now() + deadline));
    return omit.includes('deadline') ? options : options.setDeadline(until);
  }

  proposed<M extends messages.AppendReq.ProposedMessage | messages.BatchAppendReq.ProposedMessage>(
    { id, type, data, metadata, json, contentType, structured, omit }: EventArgs,
    message: M,
  ): M {
    if (!omit.includes('id')) message.setId(idMessage(this.names.idOf(id), structured));
    const properties = message.getMetadataMap();
    const content = contentType ?? (json ? 'application/json' : 'application/octet-stream');
    if (!omit.includes('type')) properties.set('type', this.names.real(type));
    if (!omit.includes('contentType')) properties.set('content-type', content);
    message.setData(this.bytes(data));
    message.setCustomMetadata(this.bytes(metadata));
    return message;
  }

  /** @param position where a read of `$all` begins that does not begin at an end */
  read(args: Args, position: Position | undefined, subscription = false): messages.ReadReq {
    const { omit, direction, resolve, count, filter, compatibility } = args;
    const options = new ReadReq.Options().setResolveLinks(resolve).setReadDirection(DIRECTIONS[direction]);
    if (args.all) options.setAll(allOptions(args, position));
    else if (!omit.includes('source')) options.setStream(this.streamOptions(args));
    if (subscription) options.setSubscription(new ReadReq.Options.SubscriptionOptions());
    else if (!omit.includes('count')) options.setCount(String(count));
    if (filter !== undefined) options.setFilter(this.filter(filter));
    else if (!omit.includes('filter')) options.setNoFilter(new shared.Empty());
    const form = new ReadReq.Options.UUIDOption();
    if (args.uuid === 'structured') options.setUuidOption(form.setStructured(new shared.Empty()));
    if (args.uuid === 'string') options.setUuidOption(form.setString(new shared.Empty()));
    const control = new ReadReq.Options.ControlOption().setCompatibility(compatibility ?? 0);
    if (compatibility !== undefined) options.setControlOption(control);
    return new ReadReq().setOptions(options);
  }

  private streamOptions({ stream, from }: Args): messages.ReadReq.Options.StreamOptions {
    const options = new ReadReq.Options.StreamOptions();
    if (stream !== undefined) options.setStreamIdentifier(this.identifier(stream));
    if (from === 'start') return options.setStart(new shared.Empty());
    if (from === 'end') return options.setEnd(new shared.Empty());
    return from === 'none' || typeof from === 'object' ? options : options.setRevision(String(from));
  }

  private filter({ on, prefixes = [], regex, window, interval }: FilterArgs): messages.ReadReq.Options.FilterOptions {
    const { FilterOptions } = ReadReq.Options;
    const expression = new FilterOptions.Expression().setPrefixList(prefixes.map((text) => this.names.real(text)));
    if (regex !== undefined) expression.setRegex(this.names.real(regex));
    const filter = new FilterOptions().setCheckpointintervalmultiplier(interval);
    if (on === 'stream') filter.setStreamIdentifier(expression);
    else filter.setEventType(expression);
    if (window === 'count') return filter.setCount(new shared.Empty());
    return window === 'none' ? filter : filter.setMax(window);
  }

  private identifier(stream: Args['stream'] = ''): shared.StreamIdentifier {
    const name = typeof stream === 'string' ? Buffer.from(this.names.real(stream)) : this.bytes(stream);
    return new shared.StreamIdentifier().setStreamName(name);
  }

  private bytes(value: EventArgs['data']): Buffer {
    if (typeof value === 'string') return Buffer.from(this.names.real(value));
    return 'size' in value ? Buffer.alloc(value.size, 'x') : Buffer.from(value.base64, 'base64');
  }
}

const DIRECTIONS = {
  forwards: ReadReq.Options.ReadDirection.FORWARDS,
  backwards: ReadReq.Options.ReadDirection.BACKWARDS,
} as const;

function allOptions({ from }: Args, position: Position | undefined): messages.ReadReq.Options.AllOptions {
  const options = new ReadReq.Options.AllOptions();
  if (from === 'start') return options.setStart(new shared.Empty());
  if (from === 'end') return options.setEnd(new shared.Empty());
  if (position === undefined) return options;
  const { commit, prepare } = position;
  const wanted = new ReadReq.Options.Position().setCommitPosition(commit).setPreparePosition(prepare);
  return options.setPosition(wanted);
}

export function idMessage(id: string, structured = false): shared.UUID {
  if (!structured) return new shared.UUID().setString(id);
  const digits = id.replaceAll('-', '');
  const half = (text: string): string => BigInt.asIntN(64, BigInt(`0x${text}`)).toString();
  const parts = new shared.UUID.Structured()
    .setMostSignificantBits(half(digits.slice(0, 16)))
    .setLeastSignificantBits(half(digits.slice(16)));
  return new shared.UUID().setStructured(parts);
}
