import { type DiskChoice, DomainError, type EphemeralChoice, type FlavorSpec, type LocalDisks } from '@cairn/domain';

/** The local disks that a launch asks for, before its flavor is known. */
export interface AskedDisks {
  readonly root: DiskChoice;
  /** `sizeGb` null: as large as the flavor allows. */
  readonly ephemeral: readonly (Omit<EphemeralChoice, 'sizeGb'> & { readonly sizeGb: number | null })[];
  readonly swap: readonly (DiskChoice & { readonly sizeMb: number | null })[];
}

type Sizes = Pick<FlavorSpec, 'ephemeralGb' | 'swapMb'>;

const refuse = (code: string, message: string): never => {
  throw new DomainError('invalid', code, message);
};

/**
 * The disks in the sizes that they get; undefined where all follows from the flavor.
 * @param most local disks of a server (nova: max_local_block_devices); -1: any number.
 * @throws DomainError `invalid`, in nova's words, for more than the flavor or the cloud allows.
 */
export function localDisks(asked: AskedDisks | undefined, flavor: Sizes, most: number): LocalDisks | undefined {
  const { root = {}, ephemeral = [], swap = [] } = asked ?? {};
  const disks = { ...ephemeralOf(ephemeral, flavor), ...swapOf(swap, flavor) };
  const ephemerals = disks.ephemeral?.length ?? Number(flavor.ephemeralGb > 0);
  const swaps = Number((disks.swap?.sizeMb ?? flavor.swapMb) > 0);
  if (most >= 0 && 1 + ephemerals + swaps > most)
    refuse(
      'server.too-many-disks',
      'Block Device Mapping is Invalid: You specified more local devices than the limit allows',
    );
  const all = { ...(Object.keys(root).length === 0 ? {} : { root }), ...disks };
  return Object.keys(all).length === 0 ? undefined : all;
}

function ephemeralOf(asked: AskedDisks['ephemeral'], { ephemeralGb }: Sizes): Pick<LocalDisks, 'ephemeral'> {
  if (asked.length === 0) return {};
  const ephemeral = asked.map(({ sizeGb, ...choice }) => ({ ...choice, sizeGb: sizeGb ?? ephemeralGb }));
  if (ephemeral.reduce((sum, { sizeGb }) => sum + sizeGb, 0) > ephemeralGb)
    refuse(
      'server.ephemeral-too-large',
      'Ephemeral disks requested are larger than the instance type allows. If no size is given in one block device ' +
        'mapping, flavor ephemeral size will be used.',
    );
  return { ephemeral: ephemeral.filter(({ sizeGb }) => sizeGb > 0) };
}

function swapOf(asked: AskedDisks['swap'], { swapMb }: Sizes): Pick<LocalDisks, 'swap'> {
  const [swap] = asked;
  if (swap === undefined) return {};
  if (asked.length > 1)
    refuse('server.two-swaps', 'Block Device Mapping is Invalid: More than one swap drive requested.');
  const sizeMb = swap.sizeMb ?? swapMb;
  if (sizeMb > swapMb) refuse('server.swap-too-large', 'Swap drive requested is larger than instance type allows.');
  return { swap: { ...swap, sizeMb, flavorMb: swapMb } };
}
