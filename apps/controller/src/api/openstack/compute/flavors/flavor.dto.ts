import { ValidateIf } from 'class-validator';
import { IsDescription, IsName, MayBeAbsent, MayBeNull, Nested, rule } from '../../../http';
import { IsBooleanLike, IsIntegerLike } from '../shared/validators';

const MAX = 2_147_483_647;
const MOST_TEXT = 65_535;
const ID = /^[a-zA-Z0-9._-]([a-zA-Z0-9. _-]{0,253}[a-zA-Z0-9._-])?$/;

const isFlavorId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

const IsFlavorId = (): PropertyDecorator =>
  rule(
    'isFlavorId',
    (value) => isFlavorId(value) || (Number.isInteger(value) && Number(value) >= 0),
    () => 'can only contain letters, numbers, underscores, periods, hyphens and blanks inside',
  );

const IsFactor = (): PropertyDecorator =>
  rule(
    'isFactor',
    (value) =>
      ['string', 'number'].includes(typeof value) && Number(value) > 0 && Number(value) <= 3.4e38 && value !== '',
    () => 'must be a number greater than 0',
  );

class FlavorBody {
  @IsName() readonly name!: string;
  @IsIntegerLike(1, MAX) readonly ram!: number | string;
  @IsIntegerLike(1, MAX) readonly vcpus!: number | string;
  @IsIntegerLike(0, MAX) readonly disk!: number | string;
  @MayBeNull()
  @IsFlavorId()
  readonly id?: string | number | null;
  @MayBeAbsent() @IsIntegerLike(0, MAX) readonly swap?: number | string;
  @MayBeAbsent() @IsFactor() readonly rxtx_factor?: number | string;
  @MayBeAbsent() @IsIntegerLike(0, MAX) readonly 'OS-FLV-EXT-DATA:ephemeral'?: number | string;
  @MayBeAbsent() @IsBooleanLike() readonly 'os-flavor-access:is_public'?: boolean | string;
  @MayBeNull() @IsDescription(MOST_TEXT) readonly description?: string | null;
}

export class CreateFlavorBody {
  @Nested(() => FlavorBody) readonly flavor!: FlavorBody;
}

class FlavorUpdate {
  @ValidateIf((_, value: unknown) => value !== null)
  @IsDescription(MOST_TEXT)
  readonly description!: string | null;
}

/** From 2.55 on; nothing else of a flavor ever changes. */
export class UpdateFlavorBody {
  @Nested(() => FlavorUpdate) readonly flavor!: FlavorUpdate;
}

class OneTenant {
  @IsName() readonly tenant!: string;
}

/** One of the two, which the field names. */
export class FlavorActionBody {
  @MayBeAbsent() @Nested(() => OneTenant) readonly addTenantAccess?: OneTenant;
  @MayBeAbsent() @Nested(() => OneTenant) readonly removeTenantAccess?: OneTenant;
}
