import fc from 'fast-check';
import { Table } from './table';

const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '1', '2', ''));
const change = fc.record({ op: fc.constantFrom('set' as const, 'delete' as const), key, value: fc.integer() });

describe('a table', () => {
  it('holds what a Map would hold after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const map = new Map<string, number>();
        let table = Table.empty<number>();
        for (const { op, key, value } of changes) {
          if (op === 'set') map.set(key, value);
          else map.delete(key);
          table = op === 'set' ? table.set(key, value) : table.delete(key);
          expect(table.size).toBe(map.size);
          expect(table.get(key)).toBe(map.get(key));
          expect(table.has(key)).toBe(map.has(key));
        }
        expect(new Map(table.entries())).toEqual(map);
        expect([...table.values()].sort()).toEqual([...map.values()].sort());
        expect(Table.from(table.entries())).toEqual(table);
        expect(Table.from(JSON.parse(JSON.stringify(table)) as [string, number][])).toEqual(table);
      }),
    );
  });

  it('is a value: what was made of it does not change it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer())), key, (entries, extra) => {
        const table = Table.from(entries);
        const before = JSON.stringify(table);
        table.set(extra, 1).set('x', 2).delete(extra);
        table.delete(extra);
        expect(JSON.stringify(table)).toBe(before);
      }),
    );
  });

  it('keeps the last of several entries of one key', () => {
    const table = Table.from([
      ['a', 1],
      ['a', 2],
    ]);
    expect([table.size, table.get('a')]).toEqual([1, 2]);
  });

  it('is itself when nothing is there to delete', () => {
    const table = Table.from([['a', 1]]);
    expect(table.delete('b')).toBe(table);
  });
});
