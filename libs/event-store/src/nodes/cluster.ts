import { StoreUnready } from '../port';
import { agreed, chosen, type Choice, type Member, type View } from './gossip';
import type { Network, Node } from './node';
import { pause, systemTiming, type Timing } from './timing';
import { Waiters, type Need } from './waiters';

/** In milliseconds: how often the node in use is asked how it is, how long an answer may take, and between two searches. */
export interface Pace {
  readonly watchMs: number;
  readonly answerMs: number;
  readonly searchMs: number;
}

const PACE: Pace = { watchMs: 1_000, answerMs: 1_500, searchMs: 300 };

/**
 * Questions in a row that the node in use may leave open before it is given up: one may be this process's own standstill.
 * Where there is no other node, nothing is won by giving up but a new connection.
 */
const MOST_MISSED = { cluster: 2, alone: 5 };

export interface InUse {
  readonly node: Node;
  readonly use: Choice['use'];
  /** Reads are to be refused by the node if it does not lead any more. */
  readonly fromLeader: boolean;
}

/**
 * The nodes of a log, and which of them is in use: the one that leads; where that cannot be reached from here, one that
 * passes writes on to it; where nobody leads, one to read from. It is asked every second how it is, and all of them
 * when it fails. When another one is chosen, everything that runs on the former ends, to begin again on the new one.
 */
export class Cluster {
  private readonly nodes = new Map<string, Node>();
  /** The members that nodes have named. */
  private members: readonly string[] = [];
  private inUse: InUse | undefined;
  private missed = 0;
  private searching: Promise<void> | undefined;
  private readonly waiters: Waiters;
  private unwatch: () => void = () => undefined;
  private closed = false;

  constructor(
    private readonly network: Network,
    private readonly timing: Timing = systemTiming,
    private readonly pace: Pace = PACE,
  ) {
    this.waiters = new Waiters((need) => this.serves(need), timing);
  }

  /** The node in use, if there is one. */
  get current(): InUse | undefined {
    return this.inUse;
  }

  /**
   * The node to use.
   * @param patienceMs how long to wait for one that can do what is needed
   * @throws StoreUnready when there is none by then
   */
  async use(need: Need, patienceMs: number): Promise<InUse> {
    const [seed] = this.network.seeds;
    // the one node is in use from the start: whether it is there shows by the call itself
    if (this.inUse === undefined && this.network.alone && this.missed === 0 && seed !== undefined && !this.closed) {
      this.take({ address: seed, use: 'leads' });
      this.schedule();
    }
    if (!this.serves(need) && !this.closed) {
      this.search();
      await this.waiters.wait(need, patienceMs);
    }
    const { inUse } = this;
    if (inUse !== undefined && this.serves(need)) return inUse;
    throw new StoreUnready(need === 'reads' ? 'no node of the log answers' : 'no node of the log takes writes');
  }

  /** A call on that node failed: looks at once whether another one is to be used. */
  failed(node: Node): void {
    if (this.inUse?.node === node) this.search();
  }

  close(): void {
    this.closed = true;
    this.unwatch();
    for (const node of this.nodes.values()) node.close('closed');
    this.nodes.clear();
    this.inUse = undefined;
    this.waiters.letGo();
  }

  private serves(need: Need): boolean {
    return this.inUse !== undefined && (need === 'reads' || this.inUse.use !== 'reads');
  }

  private schedule(): void {
    this.unwatch();
    if (this.closed) return;
    const check = (): void => {
      void this.check();
    };
    this.unwatch = this.timing.after(this.pace.watchMs, check, 'aside');
  }

  /** Asks the node in use alone, for as long as all is well. */
  private async check(): Promise<void> {
    const { inUse } = this;
    if (inUse?.use !== 'leads') {
      this.search();
      return;
    }
    const view = await this.ask(inUse.node.address);
    const itself = view?.members.find(({ address }) => address === inUse.node.address);
    const leads = view !== undefined && (this.network.alone || itself?.role === 'leader');
    if (leads) this.schedule();
    else this.search();
  }

  private search(): void {
    if (this.closed || this.searching !== undefined) return;
    this.unwatch();
    this.searching = this.look().finally(() => {
      this.searching = undefined;
      this.schedule();
    });
  }

  /** Asks all nodes and settles for the best of those that answer, again and again until one takes writes. */
  private async look(): Promise<void> {
    for (;;) {
      const views = await this.survey();
      if (this.closed) return;
      const there = this.inUse === undefined || views.some(({ from }) => from === this.inUse?.node.address);
      const choice = this.choiceOf(views);
      this.missed = there && choice !== undefined ? 0 : this.missed + 1;
      const { cluster, alone } = MOST_MISSED;
      const gone = this.missed >= (this.network.alone ? alone : cluster);
      if (choice !== undefined && (there || gone || choice.use === 'leads')) this.take(choice);
      else if (gone) this.leave();
      if (this.missed === 0 && this.serves('writes')) return;
      await pause(this.timing, this.pace.searchMs, 'aside');
    }
  }

  private choiceOf(views: readonly View[]): Choice | undefined {
    const [view] = views;
    if (!this.network.alone) return chosen(views);
    return view === undefined ? undefined : { address: view.from, use: 'leads' };
  }

  /** What the nodes say that answer, the one in use first. Ends as soon as most of a cluster agree on a leader. */
  private async survey(): Promise<readonly View[]> {
    const views: View[] = [];
    const asked = new Set<string>();
    const certain: PromiseWithResolvers<void> = Promise.withResolvers();
    const ask = async (address: string): Promise<void> => {
      if (asked.has(address)) return;
      asked.add(address);
      const view = await this.ask(address);
      if (view === undefined) return;
      const first = this.inUse?.node.address === address;
      views.splice(first ? 0 : views.length, 0, view);
      if (agreed(views)) certain.resolve();
      if (!this.network.alone) await Promise.all(view.members.map((member) => ask(member.address)));
    };
    const begin = this.members.length > 0 ? this.members : this.network.seeds;
    const all = async (): Promise<void> => {
      await Promise.all(begin.map(ask));
      if (views.length === 0) await Promise.all(this.network.seeds.map(ask));
    };
    await Promise.race([all(), certain.promise]);
    this.learn(views);
    return [...views];
  }

  private learn(views: readonly View[]): void {
    const named = views.flatMap(({ members }) => members.map(({ address }) => address));
    if (named.length > 0) this.members = [...new Set(named)];
  }

  private async ask(address: string): Promise<View | undefined> {
    if (this.closed) return undefined;
    const node = this.node(address);
    let members: readonly Member[] | undefined;
    try {
      members = await node.gossip(this.pace.answerMs);
    } catch {
      // what does not answer gets a new connection for the next question; the one in use when it is given up
      if (this.inUse?.node !== node) this.drop(node, 'it does not answer');
      return undefined;
    }
    return { from: address, members: members ?? [] };
  }

  private take({ address, use }: Choice): void {
    const former = this.inUse?.node;
    const node = this.node(address);
    this.inUse = { node, use, fromLeader: use === 'leads' && !this.network.alone };
    this.missed = 0;
    if (former !== undefined && former !== node) this.drop(former, `another node is in use now: ${address}`);
    this.waiters.wake();
  }

  /** Nobody can be used; what is there later is reached by new connections. */
  private leave(): void {
    this.inUse = undefined;
    for (const node of this.nodes.values()) this.drop(node, 'it does not answer');
  }

  private node(address: string): Node {
    const known = this.nodes.get(address);
    if (known !== undefined) return known;
    const node = this.network.open(address);
    this.nodes.set(address, node);
    return node;
  }

  private drop(node: Node, why: string): void {
    if (this.nodes.get(node.address) === node) this.nodes.delete(node.address);
    node.close(why);
  }
}
