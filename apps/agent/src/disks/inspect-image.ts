import { open } from 'node:fs/promises';

import type { ImageSpec } from '@cairn/host-protocol';

import { ImageUnusable, JobFailure } from '../ports/errors';

import { acceptedFormat, wholeSectors } from './acceptance';
import { CUT_OFF, detectFormat, faultOfQcow2, HEADER_BYTES, readQcow2Header } from './image-header';
import { runLimited, type ToolEnd } from './limited-tool';

/** A root image that a guest can use. */
export interface UsableImage {
  /** The format to name as the backing format, explicitly: nothing is ever probed again. */
  readonly format: 'raw' | 'qcow2';
  readonly virtualBytes: number;
}

/**
 * Finds out whether the blob is what its owner claims, whole and harmless.
 * @throws ImageUnusable with a reason for the owner; JobFailure when the host could not tell.
 */
export async function inspectImage(path: string, image: ImageSpec): Promise<UsableImage> {
  const { imageId } = image;
  const { head, sizeBytes } = await readHead(path);
  const detected = detectFormat(head);
  const fault = detected === 'qcow2' ? faultOfQcow2(readQcow2Header(head)) : null;
  const format = acceptedFormat(image, { format: detected, sizeBytes, fault });
  if (format === 'raw') return { format, virtualBytes: wholeSectors(sizeBytes) };
  const { virtualBytes, clusterBytes } = await sizes(path, imageId);
  await check(path, imageId, sizeBytes + clusterBytes);
  return { format, virtualBytes };
}

/** The first bytes of an image, for what reads its header. */
export async function readHead(path: string): Promise<{ readonly head: Uint8Array; readonly sizeBytes: number }> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return { head: buffer.subarray(0, bytesRead), sizeBytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

async function sizes(path: string, imageId: string): Promise<{ virtualBytes: number; clusterBytes: number }> {
  const end = await qemuImg(['info', '-f', 'qcow2', '--output=json', path], imageId);
  if (end.code !== 0) throw new ImageUnusable(imageId, `it is corrupt (${complaint(end, path)})`);
  const { 'virtual-size': size, 'cluster-size': cluster } = JSON.parse(end.stdout) as Readonly<Record<string, unknown>>;
  if (typeof size !== 'number' || size <= 0) throw new ImageUnusable(imageId, 'its virtual size is 0');
  return { virtualBytes: size, clusterBytes: Number(cluster ?? 0) };
}

/**
 * Exit codes of `qemu-img check`: 0 sound, 3 only leaked clusters (harmless), 2 corrupt, 1 could not be checked. It takes
 * what lies behind the end of the file for zeros, tables too, and finds nothing wrong with them.
 * @param limit where the image ends at most, bytes: the file's last cluster may be shorter than the others
 */
async function check(path: string, imageId: string, limit: number): Promise<void> {
  const end = await qemuImg(['check', '-f', 'qcow2', '--output=json', path], imageId);
  const found = end.stdout === '' ? {} : (JSON.parse(end.stdout) as Readonly<Record<string, unknown>>);
  if (Number(found['image-end-offset'] ?? 0) >= limit) throw new ImageUnusable(imageId, CUT_OFF);
  if (end.code === 3) return;
  const errors = Number(found['corruptions'] ?? 0) + Number(found['check-errors'] ?? 0);
  if (end.code === 0 && errors === 0) return;
  const missing = /exceeding the end of the file|after the end of the image file/.test(end.stderr);
  const why = missing ? CUT_OFF : 'it is corrupt';
  throw new ImageUnusable(imageId, errors > 0 ? `${why} (${String(errors)} errors found by qemu-img)` : why);
}

async function qemuImg(args: readonly string[], imageId: string): Promise<ToolEnd> {
  const end = await runLimited('qemu-img', args);
  if (end.limit === 'processor') throw new ImageUnusable(imageId, 'looking at it takes more time than any sound image');
  if (end.code === null) throw new JobFailure('disk.failed', 'The host is too busy to look at the image.', false);
  return end;
}

/** The tool's first complaint without the host's paths. */
const complaint = ({ stderr }: ToolEnd, path: string): string =>
  (stderr.split('\n', 1)[0] ?? '')
    .replaceAll(path, 'image')
    .replace(/^qemu-img: /, '')
    .slice(0, 200);
