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

/** Gossip.Read: a cluster of one, whose only member leads. */
export function gossipHandler(advertised: () => Advertised): handleUnaryCall<Empty, ClusterInfo> {
  const instanceId = randomUUID();
  return (_call, callback) => {
    const { host, port } = advertised();
    const member = new MemberInfo()
      .setInstanceId(new UUID().setString(instanceId))
      .setTimeStamp(String(BigInt(Date.now()) * TICKS_PER_MS))
      .setState(MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new EndPoint().setAddress(host).setPort(port));
    callback(null, new ClusterInfo().setMembersList([member]));
  };
}
