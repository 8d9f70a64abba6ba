import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { HANDLERS, SERVICES } from '../application/registry';
import { ComputeModule } from './openstack/compute/compute.module';
import { IdentityModule } from './openstack/identity/identity.module';

const SOURCES = join(__dirname, '..');
const load = createRequire(__filename);

/** Classes below a folder that a decorator has marked so. */
function marked(folder: string, isMarked: (type: Type) => boolean): readonly string[] {
  const files = readdirSync(join(SOURCES, folder), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|(^|\/)testing\//.test(file));
  const exported = sources.flatMap((file) => Object.values(load(join(SOURCES, folder, file)) as object) as unknown[]);
  const classes = exported.filter((value): value is Type => typeof value === 'function' && isMarked(value as Type));
  return [...new Set(classes)].map(({ name }) => name).sort();
}

const has =
  (...keys: readonly string[]) =>
  (type: Type): boolean =>
    keys.some((key) => Reflect.hasOwnMetadata(key, type));
const isController = has('__controller__');
const names = (types: readonly Type[]): readonly string[] => types.map(({ name }) => name).sort();
const controllersOf = (module: Type): readonly string[] =>
  names(Reflect.getMetadata('controllers', module) as readonly Type[]);

it('every handler and every service of the application is in its registry', () => {
  expect(marked('application', has('__commandHandler__', '__queryHandler__'))).toEqual(names(HANDLERS));
  expect(marked('application', has('__injectable__', '__commandHandler__', '__queryHandler__'))).toEqual(
    names([...HANDLERS, ...SERVICES]),
  );
});

it.each([
  ['api/openstack/compute', controllersOf(ComputeModule)],
  ['api/openstack/identity', controllersOf(IdentityModule)],
])('every controller of %s is in its module', (folder, listed) => {
  expect(marked(folder, isController)).toEqual(listed);
});
