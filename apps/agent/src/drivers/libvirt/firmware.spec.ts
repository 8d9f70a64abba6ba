import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hasCpuControl, machinesIn, valuesIn } from './capabilities';
import { firmwareFor, firmwareHere } from './firmware';

const description = (name: string, machines: readonly string[], features: readonly string[]): string =>
  JSON.stringify({
    description: name,
    'interface-types': ['uefi'],
    mapping: {
      device: 'flash',
      executable: { filename: `/f/${name}`, format: 'raw' },
      'nvram-template': { filename: '/f/vars', format: 'raw' },
    },
    targets: [{ architecture: 'x86_64', machines }],
    features,
    tags: [],
  });

describe('the firmware of a host', () => {
  let [packaged, local] = ['', ''];
  beforeEach(async () => {
    [packaged, local] = [await mkdtemp(join(tmpdir(), 'firmware-')), await mkdtemp(join(tmpdir(), 'firmware-'))];
    const secure = description('secure', ['pc-q35-*'], ['secure-boot', 'requires-smm']);
    await writeFile(join(packaged, '40-secure.json'), secure);
    await writeFile(join(packaged, '60-plain.json'), description('plain', ['pc-i440fx-*', 'pc-q35-*'], []));
    await writeFile(join(packaged, '70-bios.json'), '{"interface-types":["bios"]}');
    await writeFile(join(packaged, 'README'), 'x');
  });
  afterEach(() => Promise.all([packaged, local].map((path) => rm(path, { recursive: true }))));

  it('is found by its descriptions, and fits a machine and the wish for Secure Boot', async () => {
    const all = await firmwareHere([packaged, '/not/there']);
    const chosen = (machineType: string, secureBoot?: 'required' | 'optional'): string | undefined =>
      firmwareFor(all, { machineType, firmware: { type: 'uefi', ...(secureBoot === undefined ? {} : { secureBoot }) } })
        ?.executable;
    expect([chosen('pc'), chosen('q35'), chosen('pc-q35-7.2', 'required'), chosen('q35', 'optional')]).toEqual([
      '/f/plain',
      '/f/plain',
      '/f/secure',
      '/f/secure',
    ]);
    expect([chosen('pc', 'optional'), chosen('pc', 'required')]).toEqual(['/f/plain', undefined]);
  });

  it('is not what an administrator has replaced by nothing', async () => {
    await writeFile(join(local, '60-plain.json'), '');
    await writeFile(join(local, '40-secure.json'), description('other', ['pc-q35-*'], ['secure-boot']));
    expect((await firmwareHere([packaged, local])).map(({ executable }) => executable)).toEqual(['/f/other']);
  });
});

describe('what libvirt and the kernel say of a host', () => {
  it('names the machines that are PCs', () => {
    const said = `<machine maxCpus='255'>pc-i440fx-7.2</machine><machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>
      <machine maxCpus='1'>isapc</machine><machine maxCpus='288'>q35</machine><machine maxCpus='288'>q35</machine>`;
    expect(machinesIn(said)).toEqual(['pc-i440fx-7.2', 'pc', 'q35']);
  });

  it('lists the values of an enumeration of one device', () => {
    const said = `<disk supported='yes'><enum name='bus'><value>ide</value></enum></disk>
      <video supported='yes'><enum name='modelType'>\n<value>vga</value>\n<value>qxl</value></enum></video>`;
    expect([valuesIn(said, 'video', 'modelType'), valuesIn(said, 'tpm', 'model')]).toEqual([['vga', 'qxl'], []]);
  });

  it.each([
    ['cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0', true],
    ['cgroup2 /sys/fs/cgroup cgroup2 rw 0 0', true],
    ['cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0', false],
    ['cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0', false],
    ['', false],
  ])('has a control group for processors or not: %s', (mounts, has) => {
    expect(hasCpuControl(mounts)).toBe(has);
  });
});
