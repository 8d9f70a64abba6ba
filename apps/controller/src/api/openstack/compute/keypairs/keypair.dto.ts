import { IsName, IsText, MayBeAbsent, Nested, rule } from '../../../http';
import { IsOneOf } from '../shared/validators';

const NAME = /^[a-zA-Z0-9@._ -]{1,255}$/;

/** Names that a URL cannot have as a part: every client takes them for steps in the path, so no key could be deleted. */
const STEPS: readonly unknown[] = ['.', '..'];

/** nova 26.1: letters, digits, blanks and `@._-`. */
const IsKeypairName = (): PropertyDecorator =>
  rule(
    'isKeypairName',
    (value) => typeof value === 'string' && NAME.test(value) && value.trim() === value && !STEPS.includes(value),
    () =>
      'Keypair name must be 1 to 255 letters, digits, blanks or @._-, not begin or end with a blank, and not be . or ..',
  );

class KeypairBody {
  @IsKeypairName() readonly name!: string;
  @MayBeAbsent() @IsText(1, 65_535) readonly public_key?: string;
  @MayBeAbsent() @IsOneOf('ssh', 'x509') readonly type?: 'ssh' | 'x509';
  @MayBeAbsent() @IsName() readonly user_id?: string;
}

export class CreateKeypairBody {
  @Nested(() => KeypairBody) readonly keypair!: KeypairBody;
}
