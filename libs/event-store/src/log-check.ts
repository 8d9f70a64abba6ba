import { BACKWARDS, END, type EventStoreDBClient } from '@eventstore/db-client';
import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { status } from '@grpc/grpc-js';
import { addressOf, clientOf, nodesOf, type StoreConnection, toNode } from './connection';
import { faultOf } from './log-faults';
import { membersIn, type Member } from './nodes/gossip';

/** Why the log cannot be used, and what would mend it, in one line. */
export class LogUnusable extends Error {
  /** @param passing whether it may be over in a moment by itself, as while a server starts */
  constructor(
    what: string,
    readonly passing: boolean,
  ) {
    super(what);
  }
}

const DEADLINE_MS = 5_000;
/** First and last release that is supported, as in docs/event-store.md. */
const RELEASES = { first: [23, 10], lastMajor: 25 } as const;

/** The client's parts that it does not show. */
interface Inside {
  readonly capabilities: Promise<{ readonly serverVersion: string }>;
  execute<T>(of: typeof GossipClient, name: string, action: (client: GossipClient) => Promise<T>): Promise<T>;
}

/**
 * Finds out whether a log can be used: a node answers, speaks as it is spoken to, is of a supported release and knows a
 * leader, and the whole log may be read.
 * @returns the server's version @throws LogUnusable
 */
export async function checkLog(connection: StoreConnection): Promise<string> {
  const faults: LogUnusable[] = [];
  for (const node of connection.hosts) {
    try {
      const version = await checkNode(toNode(connection, node), addressOf(node));
      await checkRights(connection);
      return version;
    } catch (error) {
      if (!(error instanceof LogUnusable)) throw error;
      if (!error.passing) throw error; // the other nodes are set up alike
      faults.push(error);
    }
  }
  throw new LogUnusable([...new Set(faults.map(({ message }) => message))].join('; '), true);
}

async function checkNode(connection: StoreConnection, node: string): Promise<string> {
  return using(connection, node, async (client) => {
    const inside = client as unknown as Inside;
    const { serverVersion } = await inside.capabilities;
    if (!isSupported(serverVersion)) {
      const [major, minor] = RELEASES.first;
      const found = serverVersion === 'unknown' ? 'older than 21.10' : serverVersion;
      const wanted = `${String(major)}.${String(minor)} to ${String(RELEASES.lastMajor)}`;
      throw new LogUnusable(`${node} is EventStoreDB ${found}: releases from ${wanted} are supported`, false);
    }
    const members = await inside.execute(GossipClient, 'gossip', membersOf);
    const alive = members.filter((member) => member.alive);
    if (alive.some(({ role }) => role === 'leader')) return serverVersion;
    const count = `${String(alive.length)} of ${String(members.length)} nodes that ${node} knows are there`;
    throw new LogUnusable(`the cluster has no leader (${count}): start the others, or heal their network`, true);
  });
}

async function checkRights(connection: StoreConnection): Promise<void> {
  const user = connection.defaultCredentials?.username;
  await using(connection, nodesOf(connection), async (client) => {
    try {
      const last = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
      const events = last[Symbol.asyncIterator]();
      while ((await events.next()).done !== true);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (code !== status.PERMISSION_DENIED && code !== status.UNAUTHENTICATED) throw error;
      throw new LogUnusable(denied(nodesOf(connection), user, code === status.UNAUTHENTICATED), false);
    }
  });
}

function denied(nodes: string, user: string | undefined, isUnknown: boolean): string {
  if (user === undefined)
    return `${nodes} asks for a user: set CAIRN_EVENTSTORE_USER and CAIRN_EVENTSTORE_PASSWORD_FILE`;
  if (isUnknown) return `${nodes} does not let the user ${user} in: name or password is wrong`;
  return `the user ${user} may not read the whole log: let an administrator add it to those who may read $all`;
}

const membersOf = (client: GossipClient): Promise<readonly Member[]> =>
  new Promise((resolve, reject) => {
    client.read(new Empty(), (error, info) => {
      if (error === null) resolve(membersIn(info));
      else reject(error);
    });
  });

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [firstMajor, firstMinor] = RELEASES.first;
  return (major > firstMajor || (major === firstMajor && minor >= firstMinor)) && major <= RELEASES.lastMajor;
}

/** Asks by a client of its own, and not for longer than a server that answers needs. @throws LogUnusable */
async function using<T>(
  connection: StoreConnection,
  nodes: string,
  ask: (client: EventStoreDBClient) => Promise<T>,
): Promise<T> {
  const client = clientOf(connection);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new LogUnusable(`${nodes} gave no answer within ${String(DEADLINE_MS / 1_000)} s`, true));
    }, DEADLINE_MS);
  });
  const asked = ask(client);
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    if (error instanceof LogUnusable) throw error;
    const { what, passing } = faultOf(error, connection, nodes);
    throw new LogUnusable(what, passing);
  } finally {
    clearTimeout(timer);
    void client.dispose();
  }
}
