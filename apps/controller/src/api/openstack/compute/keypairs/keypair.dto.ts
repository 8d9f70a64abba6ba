import { ValidateBy } from 'class-validator';
import { Nested } from '../../../http';
import { IsName, IsOneOf, IsTextOf, MayBeAbsent } from '../shared/validators';

const NAME = /^[a-zA-Z0-9@._ -]{1,255}$/;

/** nova 26.1: letters, digits, blanks and `@._-`. */
const IsKeypairName = (): PropertyDecorator =>
  ValidateBy({
    name: 'isKeypairName',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && NAME.test(value) && value.trim() === value,
      defaultMessage: () =>
        'Keypair name must be 1 to 255 letters, digits, blanks or @._- and not begin or end with a blank',
    },
  });

class KeypairBody {
  @IsKeypairName() readonly name!: string;
  @MayBeAbsent() @IsTextOf(1, 65_535) readonly public_key?: string;
  @MayBeAbsent() @IsOneOf('ssh', 'x509') readonly type?: 'ssh' | 'x509';
  @MayBeAbsent() @IsName() readonly user_id?: string;
}

export class CreateKeypairBody {
  @Nested(() => KeypairBody) readonly keypair!: KeypairBody;
}
