import http from 'node:http';
import https from 'node:https';
import { addressOf, filesOf, isSecure, type StoreConnection } from './connection';

const DEADLINE_MS = 3_000;
const MOST_BYTES = 1024 * 1024;

/** A node of a server, as the nodes tell each other. */
export interface LogNode {
  readonly address: string;
  /** `Leader`, `Follower`, … */
  readonly state: string;
  readonly isAlive: boolean;
  /** `24.10.4`; '' where it does not say. */
  readonly version: string;
  /** Bytes of the log that it has not written yet, of those that the leader has; undefined without a leader. */
  readonly behind: number | undefined;
}

/** What one node says of another, in JSON: only that names how far each has written. */
interface Member {
  readonly state?: unknown;
  readonly isAlive?: unknown;
  readonly httpEndPointIp?: unknown;
  readonly httpEndPointPort?: unknown;
  readonly writerCheckpoint?: unknown;
  readonly esVersion?: unknown;
}

/**
 * The nodes of a server, from the first of those named that answers.
 * @throws Error with what each of them answered instead
 */
export async function logNodes(connection: StoreConnection): Promise<readonly LogNode[]> {
  const faults: string[] = [];
  for (const node of connection.hosts) {
    try {
      return nodesIn(await gossipOf(connection, node));
    } catch (error) {
      faults.push(`${addressOf(node)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(faults.join('; '));
}

function nodesIn(answer: unknown): readonly LogNode[] {
  const { members } = Object(answer) as { readonly members?: unknown };
  const known = Array.isArray(members) ? (members as readonly Member[]) : [];
  if (known.length === 0) throw new Error('the answer names no nodes');
  const leader = known.find(({ state, isAlive }) => state === 'Leader' && isAlive === true);
  const written = Number(leader?.writerCheckpoint);
  return known.map(({ state, isAlive, httpEndPointIp, httpEndPointPort, writerCheckpoint, esVersion }) => ({
    address: `${String(httpEndPointIp)}:${String(httpEndPointPort)}`,
    state: String(state),
    isAlive: isAlive === true,
    version: typeof esVersion === 'string' ? esVersion : '',
    behind: leader === undefined ? undefined : Math.max(0, written - Number(writerCheckpoint)),
  }));
}

function gossipOf(connection: StoreConnection, node: StoreConnection['hosts'][number]): Promise<unknown> {
  const { defaultCredentials } = connection;
  const address = { host: node.address, port: node.port, path: '/gossip', timeout: DEADLINE_MS };
  const auth = defaultCredentials && `${defaultCredentials.username}:${defaultCredentials.password}`;
  const secure = isSecure(connection);
  const { rootCertificate: ca, userCertFile: cert, userKeyFile: key } = secure ? filesOf(connection) : {};
  return new Promise((resolve, reject) => {
    const asked = secure
      ? https.get({ ...address, ca, cert, key, ...(auth === undefined ? {} : { auth }) })
      : http.get(address);
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${String(DEADLINE_MS / 1_000)} s`)));
    asked.on('error', reject);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > MOST_BYTES) response.destroy(new Error('the answer has no end'));
      });
      response.on('error', reject);
      response.on('end', () => {
        try {
          if (response.statusCode !== 200) throw new Error(`HTTP ${String(response.statusCode)}`);
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  });
}
