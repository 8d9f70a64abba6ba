import http from 'node:http';
import { text } from 'node:stream/consumers';

import { DOCTOR_NETWORK_PATH, networkReport, type NetworkReport } from '@cairn/host-protocol';

/** A look at 10,000 ports, and to mend them, takes less. */
const PATIENCE_MS = 120_000;

/**
 * Asks the agent behind a socket about the networks of its hosts.
 * @param mends whether it is to make right first what is wrong
 * @throws Error in words for people.
 */
export async function askAgent(socketPath: string, mends: boolean): Promise<NetworkReport> {
  const method = mends ? 'POST' : 'GET';
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http
      .request({ socketPath, path: DOCTOR_NETWORK_PATH, method, timeout: PATIENCE_MS }, resolve)
      .once('timeout', function (this: http.ClientRequest) {
        this.destroy(new Error('it does not answer'));
      })
      .once('error', reject)
      .end();
  });
  const body = await text(answer);
  if (answer.statusCode !== 200) throw new Error('it could not look at its host: its log says why');
  return networkReport.parse(JSON.parse(body));
}
