import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsDefined, IsObject, IsOptional, ValidateNested } from 'class-validator';

type Class = new () => object;

/** An object that must be there. `@ValidateNested()` alone lets undefined and null through. */
export const Nested = (type: () => Class): PropertyDecorator =>
  applyDecorators(ValidateNested(), Type(type), IsObject(), IsDefined());

/** An object that may be missing or null. */
export const OptionalNested = (type: () => Class): PropertyDecorator =>
  applyDecorators(ValidateNested(), Type(type), IsObject(), IsOptional());

/** A list of objects that must be there; add `@IsOptional()` where it need not. */
export const NestedList = (type: () => Class, max: number): PropertyDecorator =>
  applyDecorators(ValidateNested({ each: true }), Type(type), ArrayMaxSize(max), IsObject({ each: true }), IsArray());
