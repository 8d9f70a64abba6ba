import {
  between,
  CLIENTS,
  type ElectionPace,
  type Fate,
  MEASURED_PACE,
  type ModelNode,
  type ModelTime,
  type NodeRole,
  type Place,
  type SeenNode,
} from './model-node';

/**
 * How the nodes of a cluster are, over one log: what is in that log is on enough nodes. Who leads follows from who
 * reaches whom; tests say what is cut, ended, paused or late. It knows no protocol, and no time but that of its timers.
 */
export class ClusterModel {
  private readonly nodes: ModelNode[];
  private readonly cuts = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private changes = 0;
  private term = 0;

  /** @param end the end of the log at this moment, in any measure that grows */
  constructor(
    readonly size: number,
    private readonly time: ModelTime,
    private readonly end: () => number,
    private readonly pace: ElectionPace = MEASURED_PACE,
  ) {
    const view = Array.from({ length: size }, (_, i): SeenNode => ({
      role: i === 0 ? 'leader' : 'follower',
      alive: true,
    }));
    this.nodes = view.map(({ role }, i) => ({
      up: true,
      paused: false,
      unready: false,
      lagging: false,
      role,
      term: 0,
      leader: i === 0 ? undefined : 0,
      frozen: undefined,
      view,
      losing: undefined,
      kept: [],
    }));
  }

  /** Called after each change; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // what tests do

  kill(node: number): void {
    Object.assign(this.at(node), { up: false, role: 'unknown', leader: undefined, kept: [] });
    this.changed();
  }

  /** Starts a node: it is not ready until the others have told it who leads. */
  start(node: number): void {
    const view = this.nodes.map((_, i): SeenNode => ({ role: 'unknown', alive: i === node }));
    Object.assign(this.at(node), { up: true, paused: false, view });
    this.changed();
  }

  pause(node: number, paused = true): void {
    this.at(node).paused = paused;
    this.changed();
  }

  sayNotReady(node: number, unready = true): void {
    this.at(node).unready = unready;
    this.changed();
  }

  lag(node: number, lagging = true): void {
    this.at(node).lagging = lagging;
    this.changed();
  }

  /** Nothing passes between the two any more, either way. */
  cut(one: Place, other: Place): void {
    this.cuts.add(between(one, other));
    this.changed();
  }

  mend(one: Place, other: Place): void {
    this.cuts.delete(between(one, other));
    this.changed();
  }

  /** Whether the leader could step down for that node: it has all of the log, and enough others would follow it. */
  mayLead(node: number): boolean {
    return this.isUp(node) && this.isEnough(node) && !this.isBehind(node);
  }

  /** The leader steps down for that node, without a fault. */
  handOver(node: number): void {
    for (const one of this.nodes) if (one.role === 'leader') one.role = 'follower';
    this.lead(node);
    this.changed();
  }

  /** Everything runs and reaches everything. */
  heal(): void {
    this.cuts.clear();
    for (const [i, node] of this.nodes.entries()) {
      Object.assign(node, { paused: false, unready: false, lagging: false });
      if (!node.up) this.start(i);
    }
    this.changed();
  }

  // what the nodes are asked

  get numbers(): readonly number[] {
    return [...this.nodes.keys()];
  }

  isUp(node: number): boolean {
    return this.at(node).up;
  }

  /** Whether what a client sends gets to a node, and back. */
  isOpen(client: string, node: number): boolean {
    const { up, paused } = this.at(node);
    return up && !paused && !this.isCut(node, client) && !this.isCut(node, CLIENTS);
  }

  role(node: number): NodeRole {
    return this.at(node).role;
  }

  isReady(node: number): boolean {
    const { unready, role } = this.at(node);
    return !unready && role !== 'unknown';
  }

  /** The leader that a node knows of. */
  leaderOf(node: number): number | undefined {
    const { role, leader } = this.at(node);
    return role === 'leader' ? node : leader;
  }

  /** The leader that takes writes; undefined where there is none. */
  get leader(): number | undefined {
    return this.numbers.find((i) => this.at(i).role === 'leader' && this.fateAt(i) === 'committed');
  }

  seenBy(node: number): readonly SeenNode[] {
    const { view, role } = this.at(node);
    return view.map((seen, i) => (i === node ? { role, alive: true } : seen));
  }

  /** The end of the log as this node has it. */
  endAt(node: number): number {
    return this.at(node).frozen ?? this.end();
  }

  /** Whether it has not the whole log. */
  isBehind(node: number): boolean {
    return this.endAt(node) < this.end();
  }

  fateAt(node: number): Fate {
    const { role, unready, leader } = this.at(node);
    if (unready || role === 'unknown') return 'not-ready';
    if (role === 'leader') return this.isEnough(node) ? 'committed' : 'kept';
    if (leader === undefined) return 'not-ready';
    if (!this.reaches(node, leader) || this.at(leader).role !== 'leader') return 'gone';
    return this.fateAt(leader);
  }

  /** A write whose fate is `kept`: committed if the leader that keeps it reaches enough others before another one leads. */
  keep(node: number, commit: () => void): void {
    const leader = this.leaderOf(node);
    if (leader !== undefined) this.at(leader).kept.push(commit);
  }

  private at(node: number): ModelNode {
    const found = this.nodes[node];
    if (found === undefined) throw new Error(`there is no node ${String(node)}`);
    return found;
  }

  private reaches(one: number, other: number): boolean {
    const [a, b] = [this.at(one), this.at(other)];
    const run = a.up && b.up && !a.paused && !b.paused;
    return run && (one === other || !this.isCut(one, other));
  }

  private isCut(one: Place, other: Place): boolean {
    return this.cuts.size > 0 && this.cuts.has(between(one, other));
  }

  private isEnough(node: number): boolean {
    let reached = 0;
    for (let other = 0; other < this.size; other += 1) if (this.reaches(node, other)) reached += 1;
    return 2 * reached > this.size;
  }

  private changed(): void {
    this.changes += 1;
    const { changes } = this;
    this.settle();
    this.time.after(this.pace.electMs, () => {
      if (this.changes !== changes) return;
      this.elect();
      this.settle();
    });
  }

  /** Freezes what nodes have that are not kept up to date, and lets go what is. */
  private settle(): void {
    for (const [i, node] of this.nodes.entries()) {
      this.watch(i, node);
      const current = !node.lagging && node.up && this.fateAt(i) === 'committed';
      node.frozen = current ? undefined : (node.frozen ?? this.end());
      if (node.role === 'leader' && current) for (const commit of node.kept.splice(0)) commit();
    }
    for (const listener of [...this.listeners]) listener();
  }

  private elect(): void {
    const all = this.numbers;
    const leads = all.find((i) => this.at(i).role === 'leader' && this.at(i).term === this.term && this.isEnough(i));
    const able = all.filter((i) => this.isEnough(i)).sort((a, b) => this.endAt(b) - this.endAt(a));
    const chosen = leads ?? able[0];
    if (chosen !== undefined) this.lead(chosen);
    for (const [i, node] of this.nodes.entries()) {
      const { role, leader } = node;
      if (role === 'follower' && (leader === undefined || !this.reaches(i, leader)))
        Object.assign(node, { role: 'unknown', leader: undefined });
    }
    this.lookAround();
  }

  /** It leads, and all that it reaches follow it. What another one kept is lost. */
  private lead(leader: number): void {
    const { role, term } = this.at(leader);
    if (role !== 'leader' || term < this.term) this.term += 1;
    for (const [i, node] of this.nodes.entries()) {
      // its own writes are there at once, however late it was with those of another leader
      if (i === leader) Object.assign(node, { role: 'leader', term: this.term, leader: undefined, lagging: false });
      else if (this.reaches(i, leader)) Object.assign(node, { role: 'follower', leader });
      if (i !== leader) node.kept = [];
    }
    this.lookAround();
  }

  /** A leader that has lost the others, or that a later election has replaced, resigns. */
  private watch(i: number, node: ModelNode): void {
    const isEnough = this.isEnough(i);
    const isOld = node.term < this.term;
    const resign = (): void => {
      Object.assign(node, { role: 'unknown', leader: undefined, losing: undefined });
      this.lookAround();
    };
    if (node.role !== 'leader' || (isEnough && !isOld)) node.losing = undefined;
    else if (isEnough) resign();
    else if (node.losing === undefined) {
      const losing = {};
      node.losing = losing;
      this.time.after(this.pace.resignMs, () => {
        if (node.losing !== losing) return;
        resign();
        this.settle();
      });
    }
  }

  private lookAround(): void {
    for (const [i, node] of this.nodes.entries()) {
      if (!node.up || node.paused) continue;
      node.view = this.nodes.map(({ role }, other) => ({ role, alive: this.reaches(i, other) }));
    }
  }
}
