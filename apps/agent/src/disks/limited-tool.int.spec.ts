import { isNoSpace } from '@cairn/os';

import { runDiskTool } from './disk-tool';
import { runLimited } from './limited-tool';

const GIB = 1024 ** 3;

describe('runLimited', () => {
  const limits = { wallMs: 60_000, cpuSeconds: 60, memoryBytes: 2 * GIB };

  it('ends a tool that computes for too long', async () => {
    const end = await runLimited('node', ['-e', 'for (;;);'], { ...limits, cpuSeconds: 1, memoryBytes: 64 * GIB });
    expect(end.limit).toBe('processor');
  });

  it('ends a tool that does nothing for too long', async () => {
    expect((await runLimited('sleep', ['60'], { ...limits, wallMs: 50 })).limit).toBe('time');
  });

  it('reads a flood of complaints without keeping it', async () => {
    const end = await runLimited('dd', ['if=/dev/zero', 'bs=1M', 'count=30', 'status=none'], limits);
    expect([end.code, end.limit]).toEqual([0, null]);
    expect(end.stdout.length).toBeLessThan(1024 ** 2);
  });

  it('cannot run what is not there', async () => {
    expect((await runLimited('no-such-tool', [], limits)).code).toBe(127);
  });
});

describe('a tool that makes disks', () => {
  it.each(['No space left on device', 'Disk quota exceeded', 'File too large'])(
    'fails as a write does when the disk has no room for it: %s',
    async (words) => {
      const failed: unknown = await runDiskTool('sh', ['-c', `echo "tool: write: ${words}" >&2; exit 1`]).catch(
        (error: unknown) => error,
      );
      expect(isNoSpace(failed)).toBe(true);
    },
  );

  it('fails with a reason that tells nothing of the host otherwise', async () => {
    const failed = runDiskTool('sh', ['-c', 'echo /secret/path >&2; exit 1']);
    await expect(failed).rejects.toMatchObject({ code: 'disk.failed', message: 'The host could not create a disk.' });
  });
});
