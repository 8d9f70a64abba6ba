import { ArrayMaxSize, ArrayMinSize, IsIn, IsObject, IsOptional, IsString } from 'class-validator';
import { IsText, Nested, OptionalNested } from '../../../http';

const MAX_PASSWORD = 4096;

export class DomainRefDto {
  @IsOptional() @IsString() readonly id?: string | null;
  @IsOptional() @IsString() readonly name?: string | null;
}

class UserDto {
  @IsOptional() @IsString() readonly id?: string | null;
  @IsOptional() @IsString() readonly name?: string | null;
  @OptionalNested(() => DomainRefDto) readonly domain?: DomainRefDto | null;
  @IsText(0, MAX_PASSWORD) readonly password!: string;
}

class PasswordDto {
  @Nested(() => UserDto) readonly user!: UserDto;
}

class TokenDto {
  @IsString() readonly id!: string;
}

class IdentityDto {
  @ArrayMinSize(1) @ArrayMaxSize(4) @IsString({ each: true }) readonly methods!: readonly string[];
  @OptionalNested(() => PasswordDto) readonly password?: PasswordDto | null;
  @OptionalNested(() => TokenDto) readonly token?: TokenDto | null;
}

export class ProjectRefDto {
  @IsOptional() @IsString() readonly id?: string | null;
  @IsOptional() @IsString() readonly name?: string | null;
  @OptionalNested(() => DomainRefDto) readonly domain?: DomainRefDto | null;
}

class ScopeDto {
  @OptionalNested(() => ProjectRefDto) readonly project?: ProjectRefDto | null;
  @OptionalNested(() => DomainRefDto) readonly domain?: DomainRefDto | null;
  @IsOptional() @IsObject() readonly system?: object | null;
  /** Explicitly no scope, not even the user's default project. */
  @IsOptional() @IsObject() readonly unscoped?: object | null;
}

/** Keystone takes the word as well as the object. */
const SCOPE_WORDS = new Map([['unscoped', { unscoped: {} }]]);

class AuthDto {
  @Nested(() => IdentityDto) readonly identity!: IdentityDto;
  @OptionalNested(() => ScopeDto, SCOPE_WORDS) readonly scope?: ScopeDto | null;
}

/** `POST /v3/auth/tokens`. */
export class AuthBody {
  @Nested(() => AuthDto) readonly auth!: AuthDto;
}

/** `?nocatalog` has no value, or any. */
export class TokenQuery {
  @IsOptional() @IsString() readonly nocatalog?: string;
  @IsOptional() @IsIn(['0', '1', 'true', 'false', '']) readonly allow_expired?: string;
}
