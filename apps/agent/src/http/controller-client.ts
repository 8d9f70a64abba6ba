import { IncomingMessage } from 'node:http';
import { type Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import {
  CONSOLE_PROTOCOL,
  consolePath,
  decodeDrive,
  DRIVE_MAX_BYTES,
  drivePath,
  imagePath,
  passwordPath,
  replyPath,
  snapshotPath,
} from '@cairn/host-protocol';

import type { Controller, DriveFiles, SentImage } from '../ports/controller.port';
import type { DiskCopy } from '../ports/hypervisor.port';
import { Retryable } from '../ports/errors';

import { type ControllerAccess, ControllerHttp } from './controller-http';

/** The bytes of an answer. A connection that breaks off is Retryable, never a short file that looks whole. */
async function* bytesOf(answer: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of answer) yield chunk as Uint8Array;
  } catch (cause) {
    throw new Retryable('the controller broke off', { cause });
  }
  if (!answer.complete) throw new Retryable('the controller broke off');
}

/** A controller that has gone without a word is known to be by then: the first probe, then one each second. */
const FIRST_PROBE_MS = 15_000;

const LONGEST_REASON = 4_096;

/** The beginning of a text. */
async function textOf(answer: IncomingMessage, longest = LONGEST_REASON): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bytesOf(answer)) {
    if (bytes < longest) chunks.push(chunk);
    bytes += chunk.byteLength;
  }
  return Buffer.concat(chunks).toString().slice(0, longest);
}

const refused = (what: string, { statusCode }: IncomingMessage): Retryable =>
  new Retryable(`the controller answered ${String(statusCode)} to ${what}`);

/** The hosts' API of the controller, over HTTP. */
export class ControllerClient implements Controller {
  private readonly http: ControllerHttp;

  constructor(access: ControllerAccess) {
    this.http = new ControllerHttp(access);
  }

  async fetchImage(imageId: string): Promise<AsyncIterable<Uint8Array> | null> {
    const answer = await this.get(imagePath(encodeURIComponent(imageId)), 'an image');
    return answer === null ? null : bytesOf(answer);
  }

  async fetchDrive(instanceId: string): Promise<DriveFiles | null> {
    const answer = await this.get(drivePath(encodeURIComponent(instanceId)), 'a configuration drive');
    if (answer === null) return null;
    const files = decodeDrive(await textOf(answer, DRIVE_MAX_BYTES));
    if (files === undefined) throw new Retryable('the controller does not say what is on a configuration drive');
    return files;
  }

  async fetchPassword(instanceId: string, generation: number): Promise<string | null> {
    const answer = await this.get(passwordPath(encodeURIComponent(instanceId), generation), 'a password');
    return answer === null ? null : textOf(answer);
  }

  async announceImage(instanceId: string, imageId: string): Promise<boolean> {
    const answer = await this.http.send({ method: 'POST', path: snapshotPath(instanceId, imageId) });
    answer.resume();
    if (answer.statusCode === 204 || answer.statusCode === 410) return answer.statusCode === 204;
    throw refused('the announcement of an image', answer);
  }

  async sendImage(instanceId: string, imageId: string, copy: DiskCopy): Promise<SentImage> {
    const answer = await this.http.send({
      method: 'PUT',
      path: snapshotPath(instanceId, imageId),
      headers: { 'content-type': 'application/octet-stream', 'content-length': copy.sizeBytes },
      body: Readable.from(copy.bytes()),
    });
    if (answer.statusCode === 413) return { refused: await textOf(answer) };
    answer.resume();
    if (answer.statusCode === 204) return 'kept';
    if (answer.statusCode === 410) return 'gone';
    throw refused('the data of an image', answer);
  }

  async joinConsole(requestId: string, console: Duplex): Promise<boolean> {
    const connection = await this.http.upgrade(consolePath(encodeURIComponent(requestId)), CONSOLE_PROTOCOL);
    if (connection instanceof IncomingMessage) {
      connection.resume();
      if (connection.statusCode === 404) return false;
      throw refused('a console', connection);
    }
    connection.setKeepAlive(true, FIRST_PROBE_MS).setNoDelay(true);
    // Each waits for the other: a viewer that does not read holds up the guest's port, not this process's memory.
    void Promise.allSettled([pipeline(console, connection), pipeline(connection, console)]).then(() => {
      console.destroy();
      connection.destroy();
    });
    return true;
  }

  async reply(requestId: string, text: string): Promise<void> {
    const answer = await this.http.send({
      method: 'PUT',
      path: replyPath(encodeURIComponent(requestId)),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: Buffer.from(text),
    });
    answer.resume();
    const { statusCode = 0 } = answer;
    if (statusCode !== 404 && (statusCode < 200 || statusCode > 299)) throw refused('a reply', answer);
  }

  /** The answer with what was asked for, whose body the caller must read or destroy; null where there is no such thing. */
  private async get(path: string, what: string): Promise<IncomingMessage | null> {
    const answer = await this.http.send({ method: 'GET', path });
    if (answer.statusCode === 200) return answer;
    answer.resume();
    if (answer.statusCode === 404) return null;
    throw refused(`the request for ${what}`, answer);
  }
}
