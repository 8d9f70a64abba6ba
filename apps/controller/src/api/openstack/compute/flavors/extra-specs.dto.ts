import { mapFault, mapRule, shown } from '../../../http';
import { badRequest } from '../shared/additional';

/** As clients send them: nova takes numbers, too. */
export type GivenSpecs = Readonly<Record<string, string | number>>;

const NUMBERS = { numbers: true };

const IsExtraSpecs = (): PropertyDecorator => mapRule('isExtraSpecs', NUMBERS);

export class CreateExtraSpecsBody {
  @IsExtraSpecs() readonly extra_specs!: GivenSpecs;
}

/** A body that is one extra spec. @throws HttpProblem 400 for one that is not */
export function oneExtraSpec(body: unknown): GivenSpecs {
  const wrong = mapFault(body, NUMBERS);
  if (wrong !== undefined) throw badRequest(`Invalid input: ${wrong}`);
  const given = body as GivenSpecs;
  const count = Object.keys(given).length;
  if (count !== 1)
    throw badRequest(`${shown(given)} ${count === 0 ? 'does not have enough properties' : 'has too many properties'}`);
  return given;
}
