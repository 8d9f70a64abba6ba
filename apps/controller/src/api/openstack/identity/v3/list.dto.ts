import { IsOptional, IsString } from 'class-validator';
import { booleanWord } from '../../boolean-words';

/** Filters of users, projects, roles and domains. */
export class ListQuery {
  @IsOptional() @IsString() readonly name?: string;
  @IsOptional() @IsString() readonly domain_id?: string;
  @IsOptional() @IsString() readonly enabled?: string;
}

/** Words of a list in a query: `a,b`. */
const wordsOf = (text: string | undefined): readonly string[] | undefined => text?.split(',');

/** What a list of projects can be asked for besides. */
export class ProjectListQuery extends ListQuery {
  @IsOptional() @IsString() readonly tags?: string;
  @IsOptional() @IsString() readonly 'tags-any'?: string;
  @IsOptional() @IsString() readonly 'not-tags'?: string;
  @IsOptional() @IsString() readonly 'not-tags-any'?: string;
}

/** Keystone's four filters: all of some tags, any of them, not all of them, none of them. */
export function hasTagsOf(query: ProjectListQuery): (tags: readonly string[]) => boolean {
  const [all, any, notAll, none] = [query.tags, query['tags-any'], query['not-tags'], query['not-tags-any']].map(
    wordsOf,
  );
  return (tags) => {
    const has = (tag: string): boolean => tags.includes(tag);
    return (
      (all?.every(has) ?? true) &&
      (any?.some(has) ?? true) &&
      !(notAll?.every(has) ?? false) &&
      !(none?.some(has) ?? false)
    );
  };
}

/** Keystone takes every word but these for true. */
export const flagOf = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : (booleanWord(text) ?? true);
