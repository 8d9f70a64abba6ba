import { nameOf, type RecordedEvent } from '@cairn/event-store';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { ControllerConfig } from '../config';
import { connectStore } from '../connect-store';
import { checkHead } from '../log-head/check-head';
import type { LogHead } from '../log-head/log-digest';
import { headKey, openHead, rememberedHead } from '../log-head/signed-head';
import { readModelDatabase } from '../read-model-database';
import { wholeLog } from './log-scan';
import { LogWalk } from './log/log-walk';
import { say } from './log/words';
import { verifyRows } from './verify-rows';

/**
 * Walks one stream, or the whole log, and says whether every event still follows from the one before it; with `--rows`
 * instead whether the read models are what the log says.
 */
export async function verify(config: ControllerConfig, stream: string | undefined): Promise<number> {
  const store = connectStore(config);
  try {
    if (stream === '--rows') return await verifyRows(store, await readModelDatabase(config), say);
    return verdict(await new LogWalk().takeAll(stream === undefined ? wholeLog(store) : store.read(stream)));
  } finally {
    await store.close();
  }
}

/**
 * `log-verify [--checkpoint FILE]... [--public-key FILE]`: the whole log, that it goes on from what each checkpoint signed,
 * and that it has all that the cloud has seen of it.
 */
export async function verifyLog(config: ControllerConfig, ...args: readonly (string | undefined)[]): Promise<number> {
  const { checkpoints, publicKey } = options(args);
  const key = await headKey(config.stateDir);
  const pem = publicKey === undefined ? createPublicKey(key) : createPublicKey(readFileSync(publicKey));
  const signed = checkpoints.map((file) => openHead(readFileSync(file, 'utf8'), pem));
  const seen = await rememberedHead(config.stateDir, key);
  const store = connectStore(config);
  try {
    const name = (await nameOf(store)) ?? '';
    const began = performance.now();
    const [walk, broken] = await checkedWalk(wholeLog(store), [...signed, ...(seen === undefined ? [] : [seen])], name);
    const status = verdict(walk);
    const { events, hash, position } = walk.digest;
    const seconds = (performance.now() - began) / 1_000;
    say(`head: event ${String(events)} of the log ${name}, position ${String(position)}, hash ${hash}`);
    if (seconds > 1) say(`${String(Math.round(walk.verifier.checked / seconds))} events a second`);
    for (const why of broken) say(`BROKEN ${why}`);
    if (broken.length > 0) return 1;
    for (const { at, events: count } of signed)
      say(`the log continues what was signed at ${at} (event ${String(count)})`);
    if (seen !== undefined) await checkHead(store, seen);
    return status;
  } finally {
    await store.close();
  }
}

/** @returns the walk, and which of these heads the log does not go on from, in words */
export async function checkedWalk(
  events: AsyncIterable<RecordedEvent>,
  heads: readonly LogHead[],
  name: string,
): Promise<readonly [LogWalk, readonly string[]]> {
  const walk = new LogWalk();
  const broken = heads
    .filter((head) => head.name !== name)
    .map(({ name: other }) => `the checkpoint is of the log ${other}, this one is ${name}`);
  const open = new Map<number, LogHead[]>();
  for (const head of heads) if (head.name === name) open.set(head.events, [...(open.get(head.events) ?? []), head]);
  for await (const event of events) {
    if (!walk.take(event)) continue;
    for (const { hash, at } of open.get(walk.digest.events) ?? [])
      if (hash !== walk.digest.hash)
        broken.push(`history up to event ${String(walk.digest.events)} is not what was signed at ${at}`);
    open.delete(walk.digest.events);
  }
  for (const { events: count, at } of [...open.values()].flat())
    broken.push(
      `the log was cut off: it ends at event ${String(walk.digest.events)}, and ${String(count)} was signed at ${at}`,
    );
  return [walk, broken];
}

function verdict({ verifier, others }: LogWalk): number {
  for (const { stream, revision, position, why } of verifier.broken)
    say(`BROKEN ${stream} at revision ${String(revision)} (position ${String(position)}): ${why}`);
  for (const line of others) say(line);
  const said = verifier.broken.length === 0 ? 'all chains hold' : `${String(verifier.broken.length)} chains are broken`;
  say(`${String(verifier.checked)} events of ${String(verifier.streams)} streams: ${said}`);
  return verifier.broken.length === 0 ? 0 : 1;
}

interface VerifyOptions {
  readonly checkpoints: readonly string[];
  readonly publicKey: string | undefined;
}

function options(args: readonly (string | undefined)[]): VerifyOptions {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== undefined),
    options: { checkpoint: { type: 'string', multiple: true, default: [] }, 'public-key': { type: 'string' } },
  });
  return { checkpoints: values.checkpoint, publicKey: values['public-key'] };
}
