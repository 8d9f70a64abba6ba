import { IsOptional, IsString } from 'class-validator';

/** Filters of users, projects, roles and domains. */
export class ListQuery {
  @IsOptional() @IsString() readonly name?: string;
  @IsOptional() @IsString() readonly domain_id?: string;
  @IsOptional() @IsString() readonly enabled?: string;
}

/** Keystone takes every word but these for true. */
export const flagOf = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : !['false', '0', 'no', 'off', 'f', 'n'].includes(text.toLowerCase());
