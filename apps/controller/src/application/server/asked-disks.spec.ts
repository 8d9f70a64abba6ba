import { localDisks, type AskedDisks } from './asked-disks';

const asked = (over: Partial<AskedDisks>): AskedDisks => ({ root: {}, ephemeral: [], swap: [], ...over });
const flavor = { ephemeralGb: 10, swapMb: 512 };

describe('the local disks that a launch asks for', () => {
  it('follow from the flavor where nothing else is said', () => {
    expect(localDisks(undefined, flavor, 3)).toBeUndefined();
    expect(localDisks(asked({}), flavor, 3)).toBeUndefined();
  });

  it('are as large as was asked for, or as the flavor allows', () => {
    expect(localDisks(asked({ ephemeral: [{ sizeGb: 4 }, { sizeGb: 6, format: 'ext4' }] }), flavor, 4)).toEqual({
      ephemeral: [{ sizeGb: 4 }, { sizeGb: 6, format: 'ext4' }],
    });
    expect(localDisks(asked({ ephemeral: [{ sizeGb: null }], swap: [{ sizeMb: null }] }), flavor, 3)).toEqual({
      ephemeral: [{ sizeGb: 10 }],
      swap: { sizeMb: 512, flavorMb: 512 },
    });
    expect(localDisks(asked({ root: { bus: 'ide' }, swap: [{ sizeMb: 1 }] }), flavor, 3)).toEqual({
      root: { bus: 'ide' },
      swap: { sizeMb: 1, flavorMb: 512 },
    });
  });

  it.each([
    [{ ephemeral: [{ sizeGb: 11 }] }, /^Ephemeral disks requested are larger than the instance type allows\./],
    [{ ephemeral: [{ sizeGb: 1 }, { sizeGb: null }] }, /^Ephemeral disks requested are larger/],
    [{ swap: [{ sizeMb: 513 }] }, /^Swap drive requested is larger than instance type allows\.$/],
    [
      { swap: [{ sizeMb: 1 }, { sizeMb: 1 }] },
      /^Block Device Mapping is Invalid: More than one swap drive requested\.$/,
    ],
    [{ ephemeral: [{ sizeGb: 1 }, { sizeGb: 1 }] }, /You specified more local devices than the limit allows$/],
  ])('are refused where flavor or cloud allow less: %j', (over, message) => {
    expect(() => localDisks(asked(over), flavor, 3)).toThrow(message);
  });

  it('may be more where the operator allows any number', () => {
    expect(localDisks(asked({ ephemeral: [{ sizeGb: 1 }, { sizeGb: 1 }] }), flavor, -1)?.ephemeral).toHaveLength(2);
    expect(() => localDisks(undefined, flavor, 2)).toThrow(/more local devices/);
  });

  it('are none of a size that the flavor does not have', () => {
    const none = { ephemeralGb: 0, swapMb: 0 };
    expect(localDisks(asked({ ephemeral: [{ sizeGb: null }], swap: [{ sizeMb: null }] }), none, 3)).toEqual({
      ephemeral: [],
      swap: { sizeMb: 0, flavorMb: 0 },
    });
    expect(() => localDisks(asked({ swap: [{ sizeMb: 1 }] }), none, 3)).toThrow(/Swap drive/);
  });
});
