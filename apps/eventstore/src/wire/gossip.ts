import { randomUUID } from 'node:crypto';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { UUID, type Empty } from '@eventstore/db-client/generated/shared_pb';
import { ClusterInfo, EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';

const TICKS_PER_MS = 10_000n;

/** Where clients reach this server. */
export interface Advertised {
  readonly host: string;
  readonly port: number;
}

/** A node of a cluster, as one of its nodes sees it. */
export interface AdvertisedMember extends Advertised {
  readonly role: 'leader' | 'follower' | 'unknown';
  readonly alive: boolean;
}

const { VNodeState } = MemberInfo;
const STATES = { leader: VNodeState.LEADER, follower: VNodeState.FOLLOWER, unknown: VNodeState.UNKNOWN } as const;

/** Gossip.Read. */
export function gossipHandler(members: () => readonly AdvertisedMember[]): handleUnaryCall<Empty, ClusterInfo> {
  const instanceId = randomUUID();
  return (_call, callback) => {
    const infos = members().map(({ host, port, role, alive }) =>
      new MemberInfo()
        .setInstanceId(new UUID().setString(instanceId))
        .setTimeStamp(String(BigInt(Date.now()) * TICKS_PER_MS))
        .setState(STATES[role])
        .setIsAlive(alive)
        .setHttpEndPoint(new EndPoint().setAddress(host).setPort(port)),
    );
    callback(null, new ClusterInfo().setMembersList(infos));
  };
}
