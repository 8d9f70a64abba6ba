import { describeWhere } from '../../../../../test/support/describe-where';
import { eventually } from '../../testing/eventually';
import { CommandFailed, runCommand } from '../host-command';
import { libvirtLab, missingHere } from '../testing/host-lab';

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

  it('starts libvirt again right after it was stopped', async () => {
    await (await libvirtLab()).close();
    const again = await libvirtLab();
    expect(await eventually('libvirt answers', async () => ((await answers()) ? true : undefined))).toBe(true);
    await again.close();
  });
});
