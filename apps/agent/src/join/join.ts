import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import https from 'node:https';
import { join } from 'node:path';

import { connectionText, parsedConnection } from '@cairn/event-store';
import { AUTHORITY_PATH, JOIN_PATH, type JoinAnswer, type JoinToken } from '@cairn/host-protocol';
import { writeWhole } from '@cairn/os';

import { runCommand } from '../drivers/host-command';

/** Why this machine could not become a host, for the operator. */
export class JoinFailed extends Error {}

export interface JoinOptions {
  /** `https://…` of the controller's port for hosts on other machines. */
  readonly controllerUrl: string;
  readonly token: JoinToken;
  /** Where configuration, key and secrets of this host go. */
  readonly folder: string;
  readonly driver: 'libvirt' | 'simulated';
  /** Address under which other hosts reach this one. */
  readonly hostIp: string;
}

const TIMEOUT_MS = 30_000;
/** A system's bundle of authorities fits. */
const MOST_CHARACTERS = 1_000_000;
/** The authority of a store that is not the cloud's own, as PEM. */
const STORE_AUTHORITY = 'store-authority.pem';

/**
 * Makes this machine a host of the cloud: pins the authority by the token, makes a key that never leaves this machine,
 * and trades token and request for certificate and secrets. Files are 0600; `agent.json` comes last, when all is there.
 * @returns the host's name. @throws JoinFailed
 */
export async function joinCloud(options: JoinOptions): Promise<string> {
  const { controllerUrl, token, folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const authority = await pinnedAuthority(controllerUrl, token);
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const put = (name: string, text: string): Promise<void> => writeWhole(join(folder, name), text);
  // Under another name until all is there: a try that fails must not cost a host the key that it has.
  await put('joining.key', String(key));
  const certificateRequest = await runCommand('openssl', [
    'req',
    '-new',
    '-key',
    join(folder, 'joining.key'),
    '-subj',
    '/CN=host',
  ]);
  const { hostId, secret } = token;
  const body = JSON.stringify({ hostId, secret, certificateRequest });
  const answer = JSON.parse(await ask(new URL(JOIN_PATH, controllerUrl), { ca: authority }, body)) as JoinAnswer;
  await rename(join(folder, 'joining.key'), join(folder, 'host.key'));
  await put('authority.pem', authority);
  await put('host.pem', answer.certificate);
  const { authority: ofStore } = answer.eventStore;
  if (ofStore !== undefined) await put(STORE_AUTHORITY, ofStore);
  await put('token', answer.token);
  await put('eventstore.password', answer.eventStore.password);
  await put('redis.password', answer.redis.password);
  await put('agent.json', `${JSON.stringify(configuration(options, answer), null, 2)}\n`);
  return answer.name;
}

function configuration(options: JoinOptions, answer: JoinAnswer): object {
  const { controllerUrl, token, driver, hostIp } = options;
  return {
    stateDir: 'agent',
    hosts: [{ hostId: token.hostId, name: answer.name, tokenFile: 'token', hostIp }],
    controllerUrl,
    redisUrl: answer.redis.url,
    redisUser: answer.redis.user,
    redisPasswordFile: 'redis.password',
    eventStoreUrl: storeUrl(options, answer),
    eventStoreLogin: { user: answer.eventStore.user, passwordFile: 'eventstore.password' },
    tls: { authorityFile: 'authority.pem', certificateFile: 'host.pem', keyFile: 'host.key' },
    driver,
  };
}

/** Of a store with an authority of its own it names the file. */
function storeUrl({ folder }: JoinOptions, { eventStore: { url, authority } }: JoinAnswer): string {
  if (authority === undefined) return url;
  return connectionText({ ...parsedConnection(url), tlsCAFile: STORE_AUTHORITY }, folder);
}

/** The authority's certificate; nothing is believed of who gives it but that it has the token's fingerprint. */
async function pinnedAuthority(controllerUrl: string, token: JoinToken): Promise<string> {
  const pem = await ask(new URL(AUTHORITY_PATH, controllerUrl), { rejectUnauthorized: false });
  let fingerprint = '';
  try {
    fingerprint = createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');
  } catch {
    // no certificate at all: as wrong as another one
  }
  if (fingerprint === token.authority) return pem;
  throw new JoinFailed(`${controllerUrl} is not the cloud that the token is from: nothing was sent to it`);
}

function ask(url: URL, tls: https.RequestOptions, body?: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: '*/*' };
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      reject(new JoinFailed(`${url.origin}: ${why}`));
    };
    const request = https.request(url, { ...tls, method, headers, agent: false, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MOST_CHARACTERS) request.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else fail(`refused (${String(response.statusCode)}): ${text}`);
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', (error) => {
      fail(error.message);
    });
    request.end(body);
  });
}
