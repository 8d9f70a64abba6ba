import { MayBeAbsent, Nested } from '../../../http';
import { IsIpAddress, IsOneOf, IsProjectIdOrNull, IsTextOrNull } from '../shared/validators';

class DomainWish {
  @IsOneOf('public', 'private') readonly scope!: 'public' | 'private';
  @MayBeAbsent() @IsProjectIdOrNull() readonly project?: string | null;
  @MayBeAbsent() @IsTextOrNull() readonly availability_zone?: string | null;
}

export class DnsDomainBody {
  @Nested(() => DomainWish) readonly domain_entry!: DomainWish;
}

class EntryWish {
  @IsIpAddress() readonly ip!: string;
  @IsOneOf('a', 'A') readonly dns_type!: 'a' | 'A';
}

export class DnsEntryBody {
  @Nested(() => EntryWish) readonly dns_entry!: EntryWish;
}
