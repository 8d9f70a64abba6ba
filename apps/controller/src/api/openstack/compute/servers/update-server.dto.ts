import { IsDescription, IsName, MayBeAbsent, MayBeNull, Nested } from '../../../http';
import { IsAddressOrNone, IsHostname, IsOneOf } from '../shared/validators';

class UpdatedServer {
  @MayBeAbsent() @IsName() readonly name?: string;
  @MayBeNull() @IsDescription() readonly description?: string | null;
  @MayBeAbsent() @IsHostname() readonly hostname?: string;
  @MayBeAbsent() @IsOneOf('AUTO', 'MANUAL') readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
  @MayBeAbsent() @IsAddressOrNone(4) readonly accessIPv4?: string;
  @MayBeAbsent() @IsAddressOrNone(6) readonly accessIPv6?: string;
}

export class UpdateServerBody {
  @Nested(() => UpdatedServer) readonly server!: UpdatedServer;
}
