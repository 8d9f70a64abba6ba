import { createHash } from 'node:crypto';

import type { Controller } from '../../ports/controller.port';
import { Retryable } from '../../ports/errors';
import { imageOf } from '../../testing/specs';

import { type BlobMemory, ControllerImageSource } from './controller-image-source';

/** A controller with one blob, or none, that counts how often it is asked. */
function holding(blob: Buffer | null): Controller & { asked: number; away: boolean } {
  return {
    asked: 0,
    away: false,
    async fetchImage() {
      this.asked += 1;
      if (this.away) throw new Retryable('away');
      async function* bytes(of: Buffer): AsyncIterable<Uint8Array> {
        for (let i = 0; i < of.length; i += 1000) yield await Promise.resolve(of.subarray(i, i + 1000));
      }
      return await Promise.resolve(blob === null ? null : bytes(blob));
    },
    fetchDrive: () => Promise.resolve(null),
    announceImage: () => Promise.resolve(false),
    sendImage: () => Promise.resolve('gone' as const),
    fetchPassword: () => Promise.resolve(null),
    reply: () => Promise.resolve(),
    joinConsole: () => Promise.resolve(false),
  };
}

describe('ControllerImageSource', () => {
  it('tells what a blob is, and fetches it once for all hosts, also at the same time', async () => {
    const blob = Buffer.alloc(12_345, 7);
    const controller = holding(blob);
    const memory: BlobMemory = new Map();
    const hosts = [1, 2, 3].map(() => new ControllerImageSource(controller, memory));
    const all = await Promise.all(hosts.map((host) => host.fetch(imageOf())));
    const sha256 = createHash('sha256').update(blob).digest('hex');
    const facts = { sha256, sizeBytes: 12_345, format: 'raw', virtualBytes: 12_800, fault: null };
    expect(all).toEqual([facts, facts, facts]);
    expect(controller.asked).toBe(1);
  });

  it('sees a qcow2 header, its virtual size and what is wrong with it', async () => {
    const header = Buffer.alloc(4096);
    header.write('QFI\xfb', 'latin1');
    header.writeUInt32BE(3, 4);
    header.writeUInt32BE(16, 20);
    header.writeBigUInt64BE(5_000_000n, 24);
    const source = (blob: Buffer) => new ControllerImageSource(holding(blob), new Map()).fetch(imageOf());
    expect(await source(header)).toMatchObject({ format: 'qcow2', virtualBytes: 5_000_000, fault: null });
    header.writeBigUInt64BE(512n, 8);
    expect((await source(header))?.fault).toMatch(/backing file/);
    expect((await source(header.subarray(0, 60)))?.fault).toMatch(/cut off/);
  });

  it('asks again for a missing image, and after the controller was away', async () => {
    const controller = holding(null);
    const source = new ControllerImageSource(controller, new Map());
    expect([await source.fetch(imageOf()), await source.fetch(imageOf())]).toEqual([null, null]);
    controller.away = true;
    await expect(source.fetch(imageOf())).rejects.toThrow(Retryable);
    await expect(source.fetch(imageOf())).rejects.toThrow(Retryable);
    expect(controller.asked).toBe(4);
  });
});
