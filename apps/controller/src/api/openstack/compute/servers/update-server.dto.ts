import { ValidateIf } from 'class-validator';
import { Nested } from '../../../http';
import { IsAddressOrNone, IsName, IsOneOf, IsTextOf, MayBeAbsent } from '../shared/validators';

class UpdatedServer {
  @MayBeAbsent() @IsName() readonly name?: string;
  @ValidateIf(({ description }: UpdatedServer) => description !== undefined && description !== null)
  @IsTextOf(0, 255)
  readonly description?: string | null;
  @MayBeAbsent() @IsOneOf('AUTO', 'MANUAL') readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL';
  @MayBeAbsent() @IsAddressOrNone(4) readonly accessIPv4?: string;
  @MayBeAbsent() @IsAddressOrNone(6) readonly accessIPv6?: string;
}

export class UpdateServerBody {
  @Nested(() => UpdatedServer) readonly server!: UpdatedServer;
}
