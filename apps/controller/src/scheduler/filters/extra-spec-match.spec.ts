import { isWhatIsDemanded } from './extra-spec-match';

it.each([
  ['ssd', 'ssd', true],
  ['ssd', 'hdd', false],
  ['true', '== true', false],
  ['5', '= 4', true],
  ['3', '= 4', false],
  ['4.0', '== 4', true],
  ['4', '!= 4', false],
  ['10', '>= 9', true],
  ['10', '<= 9', false],
  ['many', '>= 9', false],
  ['12311321', '<in> 11', true],
  ['12311321', '<in> 99', false],
  ['aes mmx sse', '<all-in> aes mmx', true],
  ['aes mmx', '<all-in> aes sse', false],
  ['a', 's== a', true],
  ['a', 's!= a', false],
  ['10', 's< 9', true],
  ['b', 's<= b', true],
  ['b', 's> a', true],
  ['a', 's>= b', false],
  ['v2', '<or> v1 <or> v2', true],
  ['v3', '<or> v1 <or> v2', false],
  ['v1', '<or> v1', true],
  ['x', '<in>', false],
  ['', '', true],
])('the value %p where %p is demanded: %p', (value, demand, answer) => {
  expect(isWhatIsDemanded(value, demand)).toBe(answer);
});
