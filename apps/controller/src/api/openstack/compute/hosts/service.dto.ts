import { IsName, MayBeAbsent } from '../../../http';
import { IsBooleanLike, IsOneOf } from '../shared/validators';

export class ServiceBody {
  @IsName() readonly host!: string;
  @IsName() readonly binary!: string;
}

export class DisabledServiceBody extends ServiceBody {
  @IsName() readonly disabled_reason!: string;
}

/** nova-manage and old clients send a reason with a plain disable, too. */
export class ServiceStatusBody extends ServiceBody {
  @MayBeAbsent() @IsName() readonly disabled_reason?: string;
}

/** From 2.53 on, of the service that the path names. */
export class UpdateServiceBody {
  @MayBeAbsent() @IsOneOf('enabled', 'disabled') readonly status?: 'enabled' | 'disabled';
  @MayBeAbsent() @IsName() readonly disabled_reason?: string;
  @MayBeAbsent() @IsBooleanLike() readonly forced_down?: boolean | string;
}

/** From 2.11 on. */
export class ForceDownBody extends ServiceBody {
  @IsBooleanLike() readonly forced_down!: boolean | string;
}
