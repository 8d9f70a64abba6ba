import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Parts of the tests run at once, each with clouds of its own. */
it('no two clouds of tests listen on the same ports', () => {
  const root = join(__dirname, '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const ports = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/(?:firstPort:|FIRST_PORT =) ([\d_]+)/g)].map(
      ([, port = '']) => [Number(port.replaceAll('_', '')), file] as const,
    ),
  );
  const sorted = [...ports].sort(([a], [b]) => a - b);
  const close = sorted.filter(([port], i) => port - (sorted[i - 1]?.[0] ?? 0) < 10);
  expect(ports.length).toBeGreaterThan(10);
  expect(close).toEqual([]);
});
