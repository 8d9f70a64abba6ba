import { BOOT_STAGES, bootSector } from './boot-sector';

describe('the boot sector of the probe', () => {
  const sector = bootSector();

  it('is one sector with the signature that a BIOS looks for', () => {
    expect(sector).toHaveLength(512);
    expect(sector.subarray(510)).toEqual(Buffer.from([0x55, 0xaa]));
  });

  it('keeps its parts apart: the code ends before the next part begins', () => {
    // jmp 8:0x7c80 closes the real-mode part, two bytes of jmp the long-mode part.
    const jump = sector.indexOf(Buffer.from([0xea, 0x80, 0x7c, 0x08, 0x00]));
    expect(jump).toBeGreaterThan(0);
    expect(jump + 5).toBeLessThanOrEqual(0x80);
    expect(sector.indexOf(Buffer.from([0xf4, 0xeb, 0xfd])) + 3).toBeLessThanOrEqual(0xb0);
  });

  it('points its tables into itself', () => {
    expect(sector.readUInt32LE(0x112)).toBe(0x7d00);
    // The gate of vector 3 lies three gates behind the table's start, and its handler at 0x7cb0.
    expect(sector.readUInt32LE(0x11a) + 3 * 16).toBe(0x7d30);
    expect(sector.readUInt16LE(0x130)).toBe(0x7cb0);
  });

  it('has an instruction that loads each letter', () => {
    for (const stage of BOOT_STAGES) {
      expect(sector.includes(Buffer.from([0xb0, stage.charCodeAt(0)]))).toBe(true); // mov al, stage
    }
  });
});
