import { CLIENTS } from '../../apps/eventstore/src/faults/cluster/model-node';
import type { LogServer } from './log-server';
import type { LogFaultKind } from './plan';
import type { Random } from './random';
import type { World } from './world';

/** Lets the nodes of the log, and the network between them and to their clients, fail for a while. */
export class LogFaults {
  private readonly server: LogServer;

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {
    this.server = world.logServer;
  }

  strike(kind: LogFaultKind): void {
    const { random, server, world } = this;
    const { nodes } = server;
    const leader = nodes.leader ?? random.int(0, nodes.size - 1);
    const node = random.chance(0.6) ? leader : random.int(0, nodes.size - 1);
    const other = (leader + random.int(1, nodes.size - 1)) % nodes.size;
    // what nobody may do for long shows only where a fault lasts
    const ms = random.chance(0.3) ? random.int(15_000, 60_000) : random.skewed(300, 60_000);
    const until = (undo: () => void): void => {
      world.time.after(ms, undo);
    };
    const cut = (...pairs: readonly (readonly [number, number | string])[]): void => {
      for (const [one, far] of pairs) nodes.cut(one, far);
      until(() => {
        for (const [one, far] of pairs) nodes.mend(one, far);
      });
    };
    const strikes: Readonly<Record<LogFaultKind, () => void>> = {
      'leader-moves': () => {
        if (nodes.mayLead(other)) nodes.handOver(other);
      },
      'node-ends': () => {
        server.loseNode(node, ms);
      },
      'node-pauses': () => {
        nodes.pause(node);
        until(() => {
          nodes.pause(node, false);
        });
      },
      'node-not-ready': () => {
        nodes.sayNotReady(node);
        until(() => {
          nodes.sayNotReady(node, false);
        });
      },
      'node-lags': () => {
        nodes.lag(other);
        until(() => {
          nodes.lag(other, false);
        });
      },
      'leader-without-followers': () => {
        cut(...this.others(leader).map((far) => [leader, far] as const));
      },
      'leader-without-clients': () => {
        cut([leader, CLIENTS]);
      },
      'client-without-node': () => {
        const clients = [...server.clients.keys()].filter(({ alive }) => alive);
        if (clients.length > 0) cut([node, random.pick(clients).name]);
      },
      'nodes-apart': () => {
        cut([leader, other]);
      },
      'no-quorum': () => {
        cut([0, 1], [1, 2], [0, 2]);
      },
    };
    world.trace.add('FAULT', `${kind}: ${String(node)} of leader ${String(leader)}, ${String(ms)} ms`);
    strikes[kind]();
  }

  private others(node: number): readonly number[] {
    return Array.from({ length: this.server.nodes.size }, (_, i) => i).filter((i) => i !== node);
  }
}
