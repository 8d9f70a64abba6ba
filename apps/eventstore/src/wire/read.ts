import { randomUUID } from 'node:crypto';
import type { ServerWritableStream, handleServerStreamingCall } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { AllSubscription } from '../subscriptions/all-subscription';
import { FiniteRead } from '../subscriptions/finite-read';
import type { FollowLinks } from '../subscriptions/links';
import { Outlet } from '../subscriptions/outlet';
import { StreamSubscription } from '../subscriptions/stream-subscription';
import { ALL_STREAMS } from './access';
import type { WireContext } from './context';
import { invalidPosition, streamDeleted, unavailable, wireErrorOf } from './errors';
import { encodeConfirmation } from './read-encoder';
import { readPlanOf, type From, type ReadPlan } from './read-request';

/** Streams.Read: finite reads and subscriptions, of one stream or of `$all`. */
export function readHandler(context: WireContext): handleServerStreamingCall<ReadReq, Buffer> {
  return (call) => {
    const forget = context.calls.add(() => {
      call.emit('error', unavailable('the event store is shutting down'));
    });
    void serve(context, call).finally(forget);
  };
}

async function serve(context: WireContext, call: ServerWritableStream<ReadReq, Buffer>): Promise<void> {
  const outlet = new Outlet(call);
  try {
    const plan = readPlanOf(call.request);
    const caller = await context.gate.admit(call);
    const refused = caller.refusal('read', plan.target.kind === 'all' ? ALL_STREAMS : plan.target.stream);
    if (refused !== undefined) throw refused;
    // A link is followed only to where its reader may go: who may write one must not read everything by it.
    const mayRead = (stream: string): boolean => caller.refusal('read', stream) === undefined;
    const follow: FollowLinks = plan.resolveLinks ? mayRead : undefined;
    await (plan.limit === 'subscription'
      ? subscribe(context, outlet, plan, follow)
      : read(context, outlet, plan, follow));
    outlet.flush();
    if (!outlet.isClosed()) call.end();
  } catch (error) {
    if (outlet.isClosed()) return;
    outlet.flush();
    call.emit('error', wireErrorOf('a read', error));
  }
}

async function read(context: WireContext, outlet: Outlet, plan: ReadPlan, follow: FollowLinks): Promise<void> {
  const { target } = plan;
  const finite = new FiniteRead(context.log, outlet, plan, follow);
  if (target.kind === 'stream') await finite.stream(target.stream, target.from);
  else await finite.all(target.from, target.filter?.matches);
}

async function subscribe(context: WireContext, outlet: Outlet, plan: ReadPlan, follow: FollowLinks): Promise<void> {
  const { target, uuidForm } = plan;
  const { log } = context;
  if (target.kind === 'stream' && log.readHead(target.stream).tombstoned) throw streamDeleted(target.stream);
  outlet.write(encodeConfirmation(randomUUID()));
  if (target.kind === 'all') {
    const last = log.lastPosition;
    const after = afterOf(target.from, { commit: last, prepare: last });
    if (after !== undefined && after.commit < last && log.reader.isInsideEvent(after.commit)) throw invalidPosition();
    const options = { after, filter: target.filter, follow, uuidForm, checkpoints: context.checkpoints };
    await followed(context, new AllSubscription(log, outlet, options));
    return;
  }
  const after = afterOf(target.from, log.readHead(target.stream).last) ?? -1;
  const options = { stream: target.stream, after, follow, uuidForm };
  await followed(context, new StreamSubscription(log, outlet, options));
}

async function followed(context: WireContext, subscription: AllSubscription | StreamSubscription): Promise<void> {
  const forget = context.subscriptions.add(subscription);
  try {
    await subscription.run();
  } finally {
    forget();
  }
}

/** Subscriptions send what lies strictly behind their starting point; undefined for all. */
function afterOf<At>(from: From<At>, end: At): At | undefined {
  if (from === 'start') return undefined;
  return from === 'end' ? end : from;
}
