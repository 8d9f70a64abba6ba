import type { LogNode } from '@cairn/event-store';

const bytes = (count: number): string => (count === 0 ? 'level' : `${count.toLocaleString('en')} bytes behind`);

/** What `status` says of the server that keeps the log, and whether all is well with it. */
export function logLines(nodes: readonly LogNode[]): { readonly lines: readonly string[]; readonly isWell: boolean } {
  const leader = nodes.find(({ state, isAlive }) => state === 'Leader' && isAlive);
  const others = nodes.filter((node) => node !== leader);
  const version = (leader ?? nodes[0])?.version ?? '';
  const first = `EventStoreDB${version === '' ? '' : ` ${version}`}`;
  const lines = [
    leader === undefined ? `${first} has no leader: nothing can be written` : `${first}, leader ${leader.address}`,
    ...others.map(({ address, state, isAlive, behind }) => {
      const lag = behind === undefined || !isAlive ? '' : `, ${bytes(behind)}`;
      return `${isAlive ? state.toLowerCase() : 'lost'} ${address}${lag}`;
    }),
  ];
  return { lines, isWell: leader !== undefined && others.every(({ isAlive }) => isAlive) };
}
