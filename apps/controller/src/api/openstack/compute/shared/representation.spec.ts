import { representation } from './representation';

const present = representation<{ readonly size: number }, { readonly minor: number; readonly admin: boolean }>([
  ['id', () => 'a'],
  ['size', ({ size }) => String(size), { until: 4 }],
  ['size', ({ size }) => size, { since: 5 }],
  ['host', (_, { admin }) => (admin ? 'node1' : undefined), { since: 2, until: 6 }],
]);

it.each([
  [1, { id: 'a', size: '3' }],
  [4, { id: 'a', size: '3', host: 'node1' }],
  [5, { id: 'a', size: 3, host: 'node1' }],
  [7, { id: 'a', size: 3 }],
])('a resource has in 2.%d the fields of that microversion', (minor, shown) => {
  expect(present({ size: 3 }, { minor, admin: true })).toEqual(shown);
});

it('a field that its caller is not shown is left out', () => {
  expect(present({ size: 3 }, { minor: 2, admin: false })).toEqual({ id: 'a', size: '3' });
});
