import { z } from 'zod';

/** The files of a configuration drive by their paths, in base64. */
const driveDocument = z.object({ files: z.record(z.string().max(255), z.base64()) });

/** The largest answer that an agent reads: user data and injected files, each a few times. */
export const DRIVE_MAX_BYTES = 16 * 1024 ** 2;

export const encodeDrive = (files: ReadonlyMap<string, Uint8Array>): string =>
  JSON.stringify({
    files: Object.fromEntries([...files].map(([path, body]) => [path, Buffer.from(body).toString('base64')])),
  });

/** Undefined for anything else than what `encodeDrive` makes. */
export function decodeDrive(answer: string): ReadonlyMap<string, Uint8Array> | undefined {
  try {
    const { files } = driveDocument.parse(JSON.parse(answer));
    return new Map(Object.entries(files).map(([path, body]) => [path, Buffer.from(body, 'base64')]));
  } catch {
    return undefined;
  }
}
