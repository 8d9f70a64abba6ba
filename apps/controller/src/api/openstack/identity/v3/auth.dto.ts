import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { Nested, OptionalNested } from '../../../http';

const MAX_PASSWORD = 4096;

export class DomainRefDto {
  @IsOptional() @IsString() readonly id?: string;
  @IsOptional() @IsString() readonly name?: string;
}

class UserDto {
  @IsOptional() @IsString() readonly id?: string;
  @IsOptional() @IsString() readonly name?: string;
  @OptionalNested(() => DomainRefDto) readonly domain?: DomainRefDto;
  @IsString() @MaxLength(MAX_PASSWORD) readonly password!: string;
}

class PasswordDto {
  @Nested(() => UserDto) readonly user!: UserDto;
}

class TokenDto {
  @IsString() readonly id!: string;
}

class IdentityDto {
  @ArrayMinSize(1) @ArrayMaxSize(4) @IsString({ each: true }) readonly methods!: readonly string[];
  @OptionalNested(() => PasswordDto) readonly password?: PasswordDto;
  @OptionalNested(() => TokenDto) readonly token?: TokenDto;
}

export class ProjectRefDto {
  @IsOptional() @IsString() readonly id?: string;
  @IsOptional() @IsString() readonly name?: string;
  @OptionalNested(() => DomainRefDto) readonly domain?: DomainRefDto;
}

class ScopeDto {
  @OptionalNested(() => ProjectRefDto) readonly project?: ProjectRefDto;
  @OptionalNested(() => DomainRefDto) readonly domain?: DomainRefDto;
  @IsOptional() @IsObject() readonly system?: object;
  /** Explicitly no scope, not even the user's default project. */
  @IsOptional() @IsObject() readonly unscoped?: object;
}

/** Keystone takes the word as well as the object. */
function fromWord({ value }: { value: unknown }): unknown {
  return value === 'unscoped' ? Object.assign(new ScopeDto(), { unscoped: {} }) : value;
}

class AuthDto {
  @Nested(() => IdentityDto) readonly identity!: IdentityDto;
  @OptionalNested(() => ScopeDto) @Transform(fromWord) readonly scope?: ScopeDto;
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
