import {
  Metadata,
  ServerInterceptingCall,
  status,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type StatusObject,
} from '@grpc/grpc-js';
import { Dice } from './dice';
import type { FaultPlan } from './fault-plan';

/** Where this server is reached, which is where its "follower" says that the leader is. */
export type Leader = () => { readonly host: string; readonly port: number };

const STREAMS = '/event_store.client.streams.Streams/';
const WRITES: readonly string[] = ['Append', 'BatchAppend', 'Delete', 'Tombstone'];

const BROKEN: StatusObject = { code: status.UNAVAILABLE, details: 'injected fault', metadata: new Metadata() };

/**
 * Puts faults between the clients and the services, which know nothing of it: what a client sees is what it would see
 * of a cluster on a bad day. Only the streams service is treated so.
 */
export function faultInjector(plan: FaultPlan, leader: Leader): ServerInterceptor {
  const dice = new Dice(plan.seed);
  return (method, call) => {
    if (!method.path.startsWith(STREAMS)) return new ServerInterceptingCall(call);
    const writes = WRITES.includes(method.path.slice(STREAMS.length));
    return new FaultyCall(call, { plan, dice, leader, writes, streams: method.responseStream });
  };
}

interface FaultyCallOptions {
  readonly plan: FaultPlan;
  readonly dice: Dice;
  readonly leader: Leader;
  /** Its answers tell of what was committed. */
  readonly writes: boolean;
  readonly streams: boolean;
}

class FaultyCall extends ServerInterceptingCall {
  private over = false;

  constructor(
    private readonly below: ServerInterceptingCallInterface,
    private readonly options: FaultyCallOptions,
  ) {
    super(below, {
      start: (next) => {
        next({
          onReceiveMessage: (message, deliver) => {
            if (!this.over && !this.refuse()) deliver(message);
          },
        });
      },
    });
  }

  override sendMessage(message: unknown, callback: () => void): void {
    if (this.over) return;
    const { plan, dice, writes, streams } = this.options;
    if (writes && dice.falls(plan.silentAck)) {
      // What streams goes on behind the gap; a single answer stays out.
      if (streams) callback();
      return;
    }
    if (dice.falls(writes ? plan.lostAck : plan.drop)) this.end(BROKEN);
    else if (dice.falls(plan.delay))
      setTimeout(() => {
        super.sendMessage(message, callback);
      }, dice.upTo(plan.delayMs));
    else super.sendMessage(message, callback);
  }

  override sendStatus(how: Parameters<ServerInterceptingCall['sendStatus']>[0]): void {
    if (!this.over) super.sendStatus(how);
  }

  private refuse(): boolean {
    const { plan, dice, leader } = this.options;
    if (dice.falls(plan.unavailable)) this.end(BROKEN);
    else if (dice.falls(plan.notLeader)) this.end(notLeader(leader));
    return this.over;
  }

  private end(how: StatusObject): void {
    this.over = true;
    this.below.sendStatus(how);
  }
}

function notLeader(leader: Leader): StatusObject {
  const { host, port } = leader();
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', host);
  metadata.set('leader-endpoint-port', String(port));
  return { code: status.NOT_FOUND, details: 'injected fault: leader info available', metadata };
}
