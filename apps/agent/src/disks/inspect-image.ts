import { open } from 'node:fs/promises';

import type { ImageSpec } from '@cairn/host-protocol';

import { ImageUnusable, JobFailure } from '../ports/errors';

import { detectFormat, faultOfQcow2, HEADER_BYTES, readQcow2Header } from './image-header';
import { runLimited, type ToolEnd } from './limited-tool';

/** A root image that a guest can use. */
export interface UsableImage {
  /** The format to name as the backing format, explicitly: nothing is ever probed again. */
  readonly format: 'raw' | 'qcow2';
  readonly virtualBytes: number;
}

/** What glance calls formats that are a plain sequence of sectors. */
const PLAIN: ReadonlySet<string> = new Set(['raw', 'ami', 'iso']);
const SECTOR = 512;

/**
 * Finds out whether the blob is what its owner claims, whole and harmless.
 * @throws ImageUnusable with a reason for the owner; JobFailure when the host could not tell.
 */
export async function inspectImage(path: string, image: ImageSpec): Promise<UsableImage> {
  const { imageId, format: claimed } = image;
  if (claimed !== 'qcow2' && !PLAIN.has(claimed)) {
    throw new ImageUnusable(imageId, `its disk format ${claimed} is not supported; convert it to qcow2 or raw`);
  }
  const { head, sizeBytes } = await readHead(path);
  if (sizeBytes === 0) throw new ImageUnusable(imageId, 'it is empty');
  const detected = detectFormat(head);
  if (detected !== (claimed === 'qcow2' ? 'qcow2' : 'raw')) {
    throw new ImageUnusable(imageId, `its disk format is said to be ${claimed} but its content is ${detected}`);
  }
  if (detected === 'raw') return { format: 'raw', virtualBytes: Math.ceil(sizeBytes / SECTOR) * SECTOR };
  const fault = faultOfQcow2(readQcow2Header(head));
  if (fault !== null) throw new ImageUnusable(imageId, fault);
  const virtualBytes = await virtualSize(path, imageId);
  await check(path, imageId);
  return { format: 'qcow2', virtualBytes };
}

async function readHead(path: string): Promise<{ readonly head: Uint8Array; readonly sizeBytes: number }> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return { head: buffer.subarray(0, bytesRead), sizeBytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

async function virtualSize(path: string, imageId: string): Promise<number> {
  const end = await qemuImg(['info', '-f', 'qcow2', '--output=json', path], imageId);
  if (end.code !== 0) throw new ImageUnusable(imageId, `it is corrupt (${complaint(end, path)})`);
  const { 'virtual-size': size } = JSON.parse(end.stdout) as Readonly<Record<string, unknown>>;
  if (typeof size !== 'number' || size <= 0) throw new ImageUnusable(imageId, 'its virtual size is 0');
  return size;
}

/** Exit codes of `qemu-img check`: 0 sound, 3 only leaked clusters (harmless), 2 corrupt, 1 could not be checked. */
async function check(path: string, imageId: string): Promise<void> {
  const end = await qemuImg(['check', '-f', 'qcow2', '--output=json', path], imageId);
  if (end.code === 3) return;
  const found = end.stdout === '' ? {} : (JSON.parse(end.stdout) as Readonly<Record<string, unknown>>);
  const errors = Number(found['corruptions'] ?? 0) + Number(found['check-errors'] ?? 0);
  if (end.code === 0 && errors === 0) return;
  const missing = /exceeding the end of the file|after the end of the image file/.test(end.stderr);
  const why = missing ? 'it is shorter than it should be: clusters behind its end are missing' : 'it is corrupt';
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
