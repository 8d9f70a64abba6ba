/** What every process of Cairn does in the same way about the machine that it runs on. */
export { codeOf } from './code-of';
export { isNoSpace } from './no-space';
export { notice } from './notice';
export { say, surviveLostOutput } from './output';
export { putAside } from './put-aside';
export { NoRoom, requireRoom, roomIn } from './room';
export { publicPem, signingKey } from './signing-key';
export { RESERVE_FILE, SpaceReserve } from './space-reserve';
export { createWhole, draftOf, makeWhole, syncPath, writeWhole } from './whole-file';
