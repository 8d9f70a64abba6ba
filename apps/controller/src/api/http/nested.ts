import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsDefined, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { BindsTo, type Shape } from './bind';

/** An object that must be there. `@ValidateNested()` alone lets undefined and null through. */
export const Nested = (type: () => Shape): PropertyDecorator =>
  applyDecorators(ValidateNested(), BindsTo({ type }), IsObject(), IsDefined());

/** An object that may be missing or null. @param words that stand for an object. */
export const OptionalNested = (type: () => Shape, words?: ReadonlyMap<unknown, object>): PropertyDecorator =>
  applyDecorators(
    ValidateNested(),
    BindsTo(words === undefined ? { type } : { type, words }),
    IsObject(),
    IsOptional(),
  );

/** A list of objects that must be there; add `@IsOptional()` where it need not. */
export const NestedList = (type: () => Shape, max: number): PropertyDecorator =>
  applyDecorators(
    ValidateNested({ each: true }),
    BindsTo({ type }),
    ArrayMaxSize(max),
    IsObject({ each: true }),
    IsArray(),
  );
