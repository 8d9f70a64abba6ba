/**
 * The smallest guest that does what every 64-bit kernel does: it enters long mode with paging and takes an interrupt
 * through its own descriptor table. Some hosts offer a /dev/kvm that runs the first instructions and then fails: a
 * boot sector that stays in real mode still succeeds there, and a kernel hangs. This one tells them apart in 512 bytes.
 * Each stage writes one letter to the serial port; at the end it leaves through QEMU's isa-debug-exit device.
 */

/** What the guest writes when everything works: real mode, long mode, interrupt taken, done. */
export const BOOT_STAGES = 'rlid';

/** Where the sector's code writes its exit code; QEMU then ends with `code * 2 + 1`. */
export const DEBUG_EXIT_PORT = 0xf4;
export const DEBUG_EXIT_STATUS = 3;

const SECTOR_SIZE = 512;
/** Offsets in the sector, which the BIOS loads to 0x7c00. */
const LONG_MODE = 0x80;
const HANDLER = 0xb0;
const GDT = 0x100;
const GDT_POINTER = 0x110;
const IDT_POINTER = 0x118;
const BREAKPOINT_GATE = 0x130;

/** The letter as an instruction's immediate byte. */
const letter = (stage: 0 | 1 | 2 | 3): number => BOOT_STAGES.charCodeAt(stage);

const realMode = [
  [0xfa], //                                                 cli
  [0x31, 0xc0], //                                           xor ax, ax
  [0x8e, 0xd8], //                                           mov ds, ax
  [0x8e, 0xc0], //                                           mov es, ax
  [0x8e, 0xd0], //                                           mov ss, ax
  [0xbc, 0x00, 0x7c], //                                     mov sp, 0x7c00
  [0xfc], //                                                 cld
  [0xba, 0xf8, 0x03], //                                     mov dx, 0x3f8          ; first serial port
  [0xb0, letter(0)], //                                      mov al, 'r'
  [0xee], //                                                 out dx, al
  [0x66, 0xbf, 0x00, 0x10, 0x00, 0x00], //                   mov edi, 0x1000        ; page tables: 0x1000 to 0x3fff
  [0x0f, 0x22, 0xdf], //                                     mov cr3, edi
  [0x66, 0x31, 0xc0], //                                     xor eax, eax
  [0x66, 0xb9, 0x00, 0x0c, 0x00, 0x00], //                   mov ecx, 0xc00
  [0x66, 0xf3, 0xab], //                                     rep stosd
  [0x66, 0xc7, 0x06, 0x00, 0x10, 0x03, 0x20, 0x00, 0x00], // mov dword [0x1000], 0x2003 ; level 4: next level, writable
  [0x66, 0xc7, 0x06, 0x00, 0x20, 0x03, 0x30, 0x00, 0x00], // mov dword [0x2000], 0x3003 ; level 3
  [0x66, 0xc7, 0x06, 0x00, 0x30, 0x83, 0x00, 0x00, 0x00], // mov dword [0x3000], 0x83   ; level 2: the first 2 MiB
  [0x0f, 0x20, 0xe0], //                                     mov eax, cr4
  [0x66, 0x83, 0xc8, 0x20], //                               or eax, 0x20           ; PAE
  [0x0f, 0x22, 0xe0], //                                     mov cr4, eax
  [0x66, 0xb9, 0x80, 0x00, 0x00, 0xc0], //                   mov ecx, 0xc0000080    ; EFER
  [0x0f, 0x32], //                                           rdmsr
  [0x66, 0x0d, 0x00, 0x01, 0x00, 0x00], //                   or eax, 0x100          ; long mode enable
  [0x0f, 0x30], //                                           wrmsr
  [0x66, 0x0f, 0x01, 0x16, GDT_POINTER & 0xff, 0x7d], //     lgdt [GDT_POINTER]
  [0x0f, 0x20, 0xc0], //                                     mov eax, cr0
  [0x66, 0x0d, 0x01, 0x00, 0x00, 0x80], //                   or eax, 0x80000001     ; protection and paging
  [0x0f, 0x22, 0xc0], //                                     mov cr0, eax
  [0xea, LONG_MODE, 0x7c, 0x08, 0x00], //                    jmp 8:LONG_MODE
].flat();

const longMode = [
  [0x66, 0xba, 0xf8, 0x03], //                               mov dx, 0x3f8
  [0xb0, letter(1)], //                                      mov al, 'l'
  [0xee], //                                                 out dx, al
  [0x0f, 0x01, 0x1c, 0x25, IDT_POINTER & 0xff, 0x7d, 0x00, 0x00], // lidt [IDT_POINTER]
  [0xbc, 0x00, 0x70, 0x00, 0x00], //                         mov esp, 0x7000
  [0xcc], //                                                 int3
  [0xb0, letter(3)], //                                      mov al, 'd'
  [0xee], //                                                 out dx, al
  [0x66, 0xba, DEBUG_EXIT_PORT, 0x00], //                    mov dx, 0xf4
  [0xb0, (DEBUG_EXIT_STATUS - 1) / 2], //                    mov al, 1
  [0xee], //                                                 out dx, al
  [0xf4], //                                                 hlt
  [0xeb, 0xfd], //                                           jmp back to the hlt
].flat();

const handler = [
  [0xb0, letter(2)], //                                      mov al, 'i'
  [0xee], //                                                 out dx, al
  [0x48, 0xcf], //                                           iretq
].flat();

/** The 512 bytes of a disk that boots this guest. */
export function bootSector(): Buffer {
  const sector = Buffer.alloc(SECTOR_SIZE);
  sector.set(realMode, 0);
  sector.set(longMode, LONG_MODE);
  sector.set(handler, HANDLER);
  // The second descriptor, selector 8: 64-bit code, present, ring 0. The first stays empty.
  sector.writeBigUInt64LE(0x0020_9a00_0000_0000n, GDT + 8);
  writePointer(sector, GDT_POINTER, 15, 0x7c00 + GDT);
  // int3 is vector 3, and a gate has 16 bytes: the table starts three gates before the only one that is used.
  writePointer(sector, IDT_POINTER, 4 * 16 - 1, 0x7c00 + BREAKPOINT_GATE - 3 * 16);
  sector.writeUInt16LE(0x7c00 + HANDLER, BREAKPOINT_GATE);
  sector.writeUInt16LE(8, BREAKPOINT_GATE + 2);
  sector.writeUInt16LE(0x8e00, BREAKPOINT_GATE + 4);
  sector.writeUInt16LE(0xaa55, SECTOR_SIZE - 2);
  return sector;
}

function writePointer(sector: Buffer, at: number, limit: number, address: number): void {
  sector.writeUInt16LE(limit, at);
  sector.writeUInt32LE(address, at + 2);
}
