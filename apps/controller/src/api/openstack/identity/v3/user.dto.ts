import { IsBoolean, IsObject, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { Nested, NestedWithAttributes } from '../../../http';

const MAX_NAME = 255;
const MAX_PASSWORD = 4096;

class UserFieldsDto {
  @IsOptional() @IsString() @MaxLength(MAX_PASSWORD) readonly password?: string | null;
  @IsOptional() @IsString() readonly email?: string | null;
  @IsOptional() @IsString() readonly description?: string | null;
  @IsOptional() @IsBoolean() readonly enabled?: boolean | null;
  @IsOptional() @IsString() @MaxLength(64) readonly default_project_id?: string | null;
  @IsOptional() @IsString() readonly domain_id?: string | null;
  /** Keystone's per-user options concern password rules that this cloud does not have. */
  @IsOptional() @IsObject() readonly options?: object | null;
}

class CreateUserDto extends UserFieldsDto {
  @Matches(/\S/) @Length(1, MAX_NAME) @IsString() readonly name!: string;
}

class UpdateUserDto extends UserFieldsDto {
  @IsOptional() @Matches(/\S/) @Length(1, MAX_NAME) @IsString() readonly name?: string | null;
}

class PasswordChangeDto {
  @IsString() @Length(1, MAX_PASSWORD) readonly password!: string;
  @IsString() @MaxLength(MAX_PASSWORD) readonly original_password!: string;
}

export class CreateUserBody {
  @NestedWithAttributes(() => CreateUserDto) readonly user!: CreateUserDto;
}

export class UpdateUserBody {
  @NestedWithAttributes(() => UpdateUserDto) readonly user!: UpdateUserDto;
}

export class PasswordChangeBody {
  @Nested(() => PasswordChangeDto) readonly user!: PasswordChangeDto;
}
