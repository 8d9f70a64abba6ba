import { applyDecorators } from '@nestjs/common';
import type { Attributes, JsonValue } from '@cairn/domain';
import { IsDefined, IsObject, ValidateNested } from 'class-validator';
import { BindsTo, otherFields, type Shape } from './bind';
import { HttpProblem } from './problem';

/** What one resource may say of itself: as much as Keystone's column for it holds. */
const MAX_BYTES = 65_535;

/**
 * An object that must be there, and may have fields beyond those of its class: `attributesOf` gives them. For users,
 * projects and what else Keystone lets clients describe in words of their own.
 */
export const NestedWithAttributes = (type: () => Shape): PropertyDecorator =>
  applyDecorators(ValidateNested(), BindsTo({ type, keepsOthers: true }), IsObject(), IsDefined());

/**
 * The fields of a body that its class does not have; undefined when there are none.
 * @param shown names under which the resource shows something else: they are not the client's to choose.
 * @throws HttpProblem 400 for more than can be kept.
 */
export function attributesOf(body: object, shown: readonly string[]): Attributes | undefined {
  const kept = [...otherFields(body)].filter(([name]) => !shown.includes(name));
  const bytes = Buffer.byteLength(JSON.stringify(kept));
  if (bytes > MAX_BYTES)
    throw new HttpProblem(400, `Attributes of one's own may have ${String(MAX_BYTES)} bytes of JSON.`);
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as Readonly<Record<string, JsonValue>>);
}
