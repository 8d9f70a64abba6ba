import { batchOf } from './ip-batch';

describe('a batch for ip', () => {
  it('has a line a command', () => {
    const commands = [
      ['link', 'set', 'dev', 'tap0123456789a', 'alias', 'cairn:b2f1-4', 'up'],
      ['address', 'replace', '10.0.0.1/24', 'broadcast', '+', 'dev', 'br_1.2'],
    ];
    expect(batchOf(commands)).toBe(
      'link set dev tap0123456789a alias cairn:b2f1-4 up\naddress replace 10.0.0.1/24 broadcast + dev br_1.2\n',
    );
  });

  it.each(['a b', 'a\nlink', '', '"a', "'a", 'a\\', '#a', 'a\t', 'ä', '$(a)', 'a;b'])(
    'refuses %j, which would not stay one word',
    (word) => {
      expect(() => batchOf([['link', 'delete', 'dev', word]])).toThrow(`not a word for ip: ${JSON.stringify(word)}`);
    },
  );
});
