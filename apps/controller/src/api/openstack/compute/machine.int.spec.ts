import { type ExtraSpecs, type ImageProperties, type Instance, lackingOf, streamRef } from '@cairn/domain';
import { ComputeCloud, IMAGE_ID } from './testing/compute-cloud';
import { withCloud } from './testing/with-cloud';

const SPECIAL_IMAGE = '70a599e0-31e7-49b7-b260-868f441e0001';
const WRONG_IMAGE = '70a599e0-31e7-49b7-b260-868f441e0002';
const RESCUE_IMAGE = '70a599e0-31e7-49b7-b260-868f441e0004';
const FLOPPY_IMAGE = '70a599e0-31e7-49b7-b260-868f441e0005';
const FIRMWARE_IMAGE = '70a599e0-31e7-49b7-b260-868f441e0003';

describe('the virtual machine that image and flavor ask for', () => {
  let cloud: ComputeCloud;
  let demo: string;
  withCloud(
    (started, tenant) => {
      [cloud, demo] = [started, tenant];
    },
    async (started) => {
      const properties = { hw_watchdog_action: 'reset', hw_cpu_max_sockets: '1', os_distro: 'debian' };
      await started.addImage(SPECIAL_IMAGE, { properties });
      await started.addImage(WRONG_IMAGE, { properties: { hw_vif_model: 'e2000' } });
      await started.addImage(RESCUE_IMAGE, { properties: { hw_rescue_bus: 'usb' } });
      await started.addImage(FLOPPY_IMAGE, { properties: { hw_rescue_device: 'floppy' } });
      await started.addImage(FIRMWARE_IMAGE, { properties: { hw_firmware_type: 'uefi' } });
    },
  );

  const machineIn = async (id: string): Promise<object> => {
    const { hardware, imageProperties }: NonNullable<Instance['request']> | Record<string, undefined> =
      (await cloud.core.executor.latest(streamRef('instance', id))).request ?? {};
    return { hardware, imageProperties };
  };

  const flavorWith = async (name: string, specs: ExtraSpecs): Promise<string> => {
    const flavor = { id: name, name, vcpus: 2, ram: 4096, disk: 20 };
    await cloud.ask('admin', 'POST', '/flavors', { flavor });
    await cloud.ask('admin', 'POST', `/flavors/${name}/os-extra_specs`, { extra_specs: specs });
    return name;
  };

  const launch = async (imageRef: string, flavorRef = '1'): Promise<readonly [number, string, string]> => {
    const server = { name: 'vm', imageRef, flavorRef };
    const { status, text, body } = await cloud.ask(demo, 'POST', '/servers', { server });
    return [status, text, (body as { server?: { id: string } }).server?.id ?? ''];
  };

  const act = async (id: string, body: object): Promise<readonly [number, string]> => {
    const { status, text } = await cloud.ask(demo, 'POST', `/servers/${id}/action`, body);
    return [status, text];
  };

  it('is decided at the launch', async () => {
    const flavor = await flavorWith('dual', { 'hw:watchdog_action': 'pause', 'hw:boot_menu': 'true' });
    const [status, , id] = await launch(SPECIAL_IMAGE, flavor);
    expect(status).toBe(202);
    const imageProperties: ImageProperties = { hw_watchdog_action: 'reset', hw_cpu_max_sockets: '1' };
    const cpuTopology = { sockets: 1, cores: 2, threads: 1 };
    expect(await machineIn(id)).toEqual({
      hardware: { watchdog: 'reset', bootMenu: true, cpuTopology },
      imageProperties,
    });
  });

  it('is the usual one of an image and a flavor that say nothing', async () => {
    const [, , id] = await launch(IMAGE_ID);
    expect(await machineIn(id)).toEqual({ hardware: undefined, imageProperties: undefined });
  });

  it('is refused at the launch, with the reason', async () => {
    expect(await launch(WRONG_IMAGE)).toEqual([
      400,
      expect.stringContaining('Invalid image metadata. Error: Field value e2000 is invalid'),
      '',
    ]);
    const flavor = await flavorWith('passed', { 'pci_passthrough:alias': 'gpu:1' });
    expect(await launch(IMAGE_ID, flavor)).toEqual([400, expect.stringContaining('PCI alias gpu is not defined'), '']);
  });

  it('is that of the new image after a rebuild', async () => {
    const [, , id] = await launch(SPECIAL_IMAGE);
    await cloud.finishLaunch(id);
    expect(await act(id, { rebuild: { imageRef: WRONG_IMAGE } })).toEqual([400, expect.stringContaining('e2000')]);
    expect((await act(id, { rebuild: { imageRef: IMAGE_ID } }))[0]).toBe(202);
    expect(await machineIn(id)).toEqual({ hardware: {}, imageProperties: {} });
  });

  it('is refused in a rebuild that the host of the server could not do', async () => {
    const [, , id] = await launch(IMAGE_ID);
    await cloud.finishLaunch(id);
    expect(lackingOf({ firmware: { type: 'uefi' } })).toEqual(['firmware']);
    expect(await act(id, { rebuild: { imageRef: FIRMWARE_IMAGE } })).toEqual([
      400,
      expect.stringContaining('No valid host was found. The host of the server lacks firmware.'),
    ]);
  });

  it('is decided again in a resize, of the image that the server has', async () => {
    const [, , id] = await launch(SPECIAL_IMAGE);
    await cloud.finishLaunch(id);
    const refused = await flavorWith('numa', { 'hw:numa_nodes': '2' });
    expect(await act(id, { resize: { flavorRef: refused } })).toEqual([
      400,
      expect.stringContaining('The extra spec hw:numa_nodes (2) of the flavor numa is not supported'),
    ]);
    const flavor = await flavorWith('silent', { 'hw_rng:allowed': 'false' });
    expect((await act(id, { resize: { flavorRef: flavor } }))[0]).toBe(202);
    const { operation } = await cloud.core.executor.latest(streamRef('instance', id));
    const cpuTopology = { sockets: 1, cores: 2, threads: 1 };
    expect(operation?.input).toMatchObject({ hardware: { watchdog: 'reset', rng: 'none', cpuTopology } });
  });

  it('keeps all its disks while it is rescued with an image that asks for a device of its own', async () => {
    const [, , id] = await launch(IMAGE_ID);
    await cloud.finishLaunch(id);
    const refused = await act(id, { rescue: { rescue_image_ref: FLOPPY_IMAGE } });
    expect(refused).toEqual([400, expect.stringContaining("Requested rescue device 'floppy' is not supported")]);
    expect((await act(id, { rescue: { rescue_image_ref: RESCUE_IMAGE } }))[0]).toBe(200);
    const { rescue } = await cloud.core.executor.latest(streamRef('instance', id));
    expect(rescue).toMatchObject({ image: { imageId: RESCUE_IMAGE }, disk: { type: 'disk', bus: 'usb' } });
  });
});
