import { type ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';

export type Role = 'leader' | 'follower' | 'other';

/** A node of a cluster, as one of its nodes sees it. */
export interface Member {
  readonly address: string;
  readonly role: Role;
  /** It answers the node that says so. */
  readonly alive: boolean;
}

const { VNodeState } = MemberInfo;

export function membersIn(info: ClusterInfo): readonly Member[] {
  return info.getMembersList().map((member) => {
    const state = member.getState();
    return {
      address: `${member.getHttpEndPoint()?.getAddress() ?? ''}:${String(member.getHttpEndPoint()?.getPort() ?? 0)}`,
      role: state === VNodeState.LEADER ? 'leader' : state === VNodeState.FOLLOWER ? 'follower' : 'other',
      alive: member.getIsAlive(),
    };
  });
}

/** What one node said when it was asked. */
export interface View {
  readonly from: string;
  readonly members: readonly Member[];
}

/** Which node to use, and what it is good for. */
export interface Choice {
  readonly address: string;
  /**
   * `leads`: it decides. `forwards`: it passes writes on to a leader that cannot be reached from here. `reads`: nobody
   * leads at present; it can be read from.
   */
  readonly use: 'leads' | 'forwards' | 'reads';
}

/** How many nodes name each leader, that answers them. */
function votes(views: readonly View[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const { members } of views) {
    for (const { address, role, alive } of members)
      if (role === 'leader' && alive) counted.set(address, (counted.get(address) ?? 0) + 1);
  }
  return counted;
}

/** Whether most of a cluster name one leader: what the others say cannot change that. */
export function agreed(views: readonly View[]): boolean {
  const members = Math.max(...views.map((view) => view.members.length));
  return chosen(views)?.use === 'leads' && 2 * Math.max(...votes(views).values()) > members;
}

/**
 * The best node to use, among those that answered. A node that has been cut off from the others goes on calling itself
 * the leader for some seconds; so the one counts that most nodes name, and of two that as many name, the one that sees
 * more of the others.
 */
export function chosen(views: readonly View[]): Choice | undefined {
  const named = votes(views);
  const seenBy = (address: string): number =>
    views.find(({ from }) => from === address)?.members.filter(({ alive }) => alive).length ?? 0;
  const [leader] = [...named.keys()].sort((a, b) => (named.get(b) ?? 0) - (named.get(a) ?? 0) || seenBy(b) - seenBy(a));
  const answering = new Set(views.map(({ from }) => from));
  if (leader !== undefined && answering.has(leader)) return { address: leader, use: 'leads' };
  const passesOn = views.find(
    (view) => own(view)?.role === 'follower' && view.members.some(({ address, alive }) => address === leader && alive),
  );
  if (passesOn !== undefined) return { address: passesOn.from, use: 'forwards' };
  const any = views.find((view) => own(view)?.role === 'follower') ?? views.find((view) => own(view) !== undefined);
  return any === undefined ? undefined : { address: any.from, use: 'reads' };
}

function own({ from, members }: View): Member | undefined {
  return members.find(({ address }) => address === from);
}
