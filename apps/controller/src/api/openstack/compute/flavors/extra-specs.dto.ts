import { isOfLength, isStorable, rule, shown } from '../../../http';
import { badRequest } from '../shared/additional';

/** As clients send them: nova takes numbers, too. */
export type GivenSpecs = Readonly<Record<string, string | number>>;

const KEY = /^[a-zA-Z0-9\-_:. ]{1,255}$/;

/** The first thing that is wrong with extra specs, in nova's words; undefined when nothing is. */
function fault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${shown(value)} is not of type 'object'`;
  for (const [key, item] of Object.entries(value)) {
    if (!KEY.test(key)) return `Additional properties are not allowed (${shown(key)} was unexpected)`;
    if (typeof item !== 'string' && typeof item !== 'number') return `${shown(item)} is not of type 'string', 'number'`;
    if (!isOfLength(String(item), 0, 255)) return `${shown(item)} is too long`;
    if (!isStorable(String(item))) return `${shown(key)} holds a character that cannot be stored`;
  }
  return undefined;
}

const IsExtraSpecs = (): PropertyDecorator =>
  rule(
    'isExtraSpecs',
    (value) => fault(value) === undefined,
    (value) => fault(value) ?? 'is not valid',
  );

export class CreateExtraSpecsBody {
  @IsExtraSpecs() readonly extra_specs!: GivenSpecs;
}

/** A body that is one extra spec. @throws HttpProblem 400 for one that is not */
export function oneExtraSpec(body: unknown): GivenSpecs {
  const wrong = fault(body);
  if (wrong !== undefined) throw badRequest(`Invalid input: ${wrong}`);
  const given = body as GivenSpecs;
  const count = Object.keys(given).length;
  if (count !== 1)
    throw badRequest(`${shown(given)} ${count === 0 ? 'does not have enough properties' : 'has too many properties'}`);
  return given;
}
