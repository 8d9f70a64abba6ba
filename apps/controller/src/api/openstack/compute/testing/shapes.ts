import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../../http';

/** Keys whose values are the test cloud's own in the templates: only their type counts here. */
export interface Loosely {
  readonly onlyType?: readonly string[];
}

const typeName = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** What differs from nova's template, as paths with reasons; empty when nothing does. */
function differences(value: unknown, shape: unknown, path: string, loosely: Loosely): string[] {
  if (isObject(shape) && Object.keys(shape).length === 1) {
    const [kind = '', rule] = Object.entries(shape)[0] ?? [];
    if (kind === '$type' && rule === 'null') return [];
    if (kind === '$type') return typeName(value) === rule ? [] : [`${path}: ${typeName(value)} is not ${String(rule)}`];
    if (kind === '$int') return Number.isInteger(Number(value)) ? [] : [`${path}: ${String(value)} is no integer`];
    if (kind === '$re' || kind === '$scalar') return text(value, String(rule), path, loosely);
  }
  if (shape === null) return [];
  if (typeName(value) !== typeName(shape)) return [`${path}: ${typeName(value)} is not ${typeName(shape)}`];
  if (Array.isArray(shape)) {
    const elements = value as unknown[];
    if (shape.length === 0) return [];
    return elements.flatMap((element, i) => bestOf(element, shape, `${path}[${String(i)}]`, loosely));
  }
  if (!isObject(shape)) return [];
  return keys(value as Record<string, unknown>, shape, path, loosely);
}

/** An element of a list may be like any of the template's. */
function bestOf(element: unknown, shapes: readonly unknown[], path: string, loosely: Loosely): string[] {
  const [best = []] = shapes
    .map((shape) => differences(element, shape, path, loosely))
    .sort((a, b) => a.length - b.length);
  return best;
}

function text(value: unknown, pattern: string, path: string, { onlyType = [] }: Loosely): string[] {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return [`${path}: ${typeName(value)} is no scalar`];
  if (onlyType.includes(path.split('.').at(-1) ?? '')) return [];
  return new RegExp(pattern).test(String(value)) ? [] : [`${path}: ${String(value)} does not match ${pattern}`];
}

/** Maps that tenants fill (metadata, addresses by network) are compared by their values only. */
const OPEN = ['metadata', 'addresses', 'extra_specs', 'meta'];

function keys(
  value: Readonly<Record<string, unknown>>,
  shape: Readonly<Record<string, unknown>>,
  path: string,
  loosely: Loosely,
): string[] {
  if (OPEN.includes(path.split('.').at(-1) ?? '')) {
    const [first] = Object.values(shape);
    if (first === undefined) return [];
    return Object.entries(value).flatMap(([key, inner]) => differences(inner, first, `${path}.${key}`, loosely));
  }
  const missing = Object.keys(shape).filter((key) => !Object.hasOwn(value, key));
  const extra = Object.keys(value).filter((key) => !Object.hasOwn(shape, key));
  return [
    ...missing.map((key) => `${path}.${key}: missing`),
    ...extra.map((key) => `${path}.${key}: not in nova's answer`),
    ...Object.keys(shape)
      .filter((key) => Object.hasOwn(value, key))
      .flatMap((key) => differences(value[key], shape[key], `${path}.${key}`, loosely)),
  ];
}

/** Compares an answer with nova's template `shapes/<area>__<name>.shape.json`, loosely (shapes/README.md). */
export function shapeDifferences(answer: unknown, area: string, name: string, loosely: Loosely = {}): string[] {
  const file = join(__dirname, 'shapes', `${area}__${name}.shape.json`.replaceAll('/', '__'));
  const shape = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  return differences(JSON.parse(JSON.stringify(answer)), shape, '', loosely);
}
