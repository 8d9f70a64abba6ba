import { MayBeAbsent } from '../../../http';
import { IsOneOf } from '../shared/validators';

/** Words of any case, as nova takes them. */
const WORDS = ['enable', 'Enable', 'ENABLE', 'disable', 'Disable', 'DISABLE'] as const;

export class UpdateHostBody {
  @MayBeAbsent() @IsOneOf(...WORDS) readonly status?: (typeof WORDS)[number];
  @MayBeAbsent() @IsOneOf(...WORDS) readonly maintenance_mode?: (typeof WORDS)[number];
}
