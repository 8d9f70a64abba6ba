import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { validate } from 'class-validator';
import { bind, isObject, type Shape } from './bind';
import { HttpProblem } from './problem';
import { firstFault } from './validation-message';

const PLAIN_TYPES = new Set<unknown>([String, Number, Boolean, Array, Object, Buffer]);

/**
 * Makes the class of a parameter out of what came in, by class-validator. Nothing is converted: "5" is no number.
 * Unknown fields of a body are refused before anything else is looked at; unknown query parameters are dropped, as nova
 * does below 2.75.
 */
@Injectable()
export class ValidationPipe implements PipeTransform<unknown, Promise<unknown>> {
  /** Classes whose rules allow that nothing is given, as most requests have no query: rules depend on nothing else. */
  private readonly goodWhenBare = new WeakSet<Shape>();

  /** @throws HttpProblem 400 that names field, value and rule, in nova's form of words. */
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (metatype === undefined || PLAIN_TYPES.has(metatype) || (type !== 'body' && type !== 'query')) return value;
    const given = value ?? {};
    if (!isObject(given)) throw new HttpProblem(400, 'Malformed request body: it must be a JSON object.');
    const shape = metatype as Shape;
    const instance = bind(shape, given, type === 'body' ? 'refuse' : 'drop');
    const isBare = Object.keys(given).length === 0;
    if (isBare && this.goodWhenBare.has(shape)) return instance;
    const errors = await validate(instance, {
      forbidUnknownValues: true,
      // One rule is enough to say what is wrong, and a later rule may not hold for a value of a wrong type.
      stopAtFirstError: true,
      validationError: { target: false, value: true },
    });
    if (errors.length > 0) throw new HttpProblem(400, firstFault(errors, given));
    if (isBare) this.goodWhenBare.add(shape);
    return instance;
  }
}

const pipe = new ValidationPipe();

/** A body whose class only its route knows. @throws HttpProblem 400, as the pipe does */
export const validBody = async <T extends object>(shape: new () => T, given: unknown): Promise<T> =>
  (await pipe.transform(given, { type: 'body', metatype: shape })) as T;
