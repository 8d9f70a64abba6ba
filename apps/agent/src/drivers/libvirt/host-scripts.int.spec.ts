import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { describeWhere } from '../../../../../test/support/describe-where';
import { eventually } from '../../testing/eventually';
import { CommandFailed, runCommand } from '../host-command';
import { argumentsOf, readPidFile } from '../process-table';
import { libvirtLab, missingHere, REPOSITORY } from '../testing/host-lab';

const answers = async (): Promise<boolean> => {
  try {
    await runCommand('virsh', ['-q', '-c', 'qemu:///system', 'uri']);
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
};

/** The scripts of infra/host, each pair with a directory of its own, as two clouds on one machine would run them. */
describeWhere(missingHere('virsh', 'libvirtd', 'virtlogd'), 'infra/host', () => {
  it('uses a libvirtd that runs already and does not end it', async () => {
    const ranBefore = await answers();
    const first = await libvirtLab();
    expect(await answers()).toBe(true);
    const second = await libvirtLab();
    await second.close();
    expect(await answers()).toBe(true);
    await first.close();
    expect(await answers()).toBe(ranBefore);
  });

  it.each(['virtlogd', 'libvirtd'])(
    'starts %s again within seconds, when it was started here and died',
    async (name) => {
      const lab = await libvirtLab();
      const pid = (): Promise<number | null> => readPidFile(join(lab.run, `${name}.pid`));
      const watch = spawn(join(REPOSITORY, 'infra/host/watch.sh'), [lab.run], { stdio: 'ignore' });
      try {
        const first = await pid();
        if (first === null) return; // somebody else's runs: it is not ours to end
        process.kill(first, 'SIGKILL');
        const again = await eventually(`${name} runs again`, async () => {
          const now = await pid();
          return now !== null && now !== first && (await argumentsOf(now)) !== null ? now : undefined;
        });
        expect(again).not.toBe(first);
        expect(await eventually('libvirt answers', async () => ((await answers()) ? true : undefined))).toBe(true);
        const deaths = await eventually('its death is noted', () => readFile(join(lab.run, `${name}.deaths`), 'utf8'));
        expect(deaths).toMatch(/^\S+Z started again at once\n$/);
      } finally {
        watch.kill();
        await once(watch, 'exit');
        await lab.close();
      }
    },
  );

  it('ends a libvirtd of its own that hangs: later it would remove the sockets of its successor', async () => {
    const lab = await libvirtLab();
    const former = await readPidFile(join(lab.run, 'libvirtd.pid'));
    try {
      if (former === null) return; // somebody else's runs: it is not ours to end
      process.kill(former, 'SIGSTOP');
      await runCommand(join(REPOSITORY, 'infra/host/up.sh'), [lab.run], { timeoutMs: 60_000 });
      expect(await answers()).toBe(true);
      expect(await argumentsOf(former)).toBeNull();
    } finally {
      await lab.close();
    }
  }, 90_000);

  it('starts a virtlogd beside one that was started elsewhere and cannot be reached', async () => {
    const first = await libvirtLab();
    const theirs = await readPidFile(join(first.run, 'virtlogd.pid'));
    if (theirs !== null) await rm('/run/libvirt/virtlogd-sock');
    const second = await libvirtLab();
    try {
      expect(await readPidFile(join(second.run, 'virtlogd.pid'))).not.toBe(theirs);
    } finally {
      await second.close();
      await first.close();
    }
  });

  it('starts libvirt again right after it was stopped', async () => {
    await (await libvirtLab()).close();
    const again = await libvirtLab();
    expect(await eventually('libvirt answers', async () => ((await answers()) ? true : undefined))).toBe(true);
    await again.close();
  });
});
