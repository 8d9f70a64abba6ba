import { IsName, MayBeAbsent } from '../shared/validators';

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
