/** The names of commands and events that follow from the name and past tense of an operation. */

export interface Typed<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
}

export type CommandName<Name extends string> = `${Capitalize<Name>}Instance`;
export type RequestName<Name extends string> = `instance.${Name}-requested.v1`;
export type EventName<Past extends string> = `instance.${Past}.v1`;

export const commandName = <Name extends string>(name: Name): CommandName<Name> =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}Instance` as CommandName<Name>;
export const requestName = <Name extends string>(name: Name): RequestName<Name> => `instance.${name}-requested.v1`;
export const eventName = <Past extends string>(past: Past): EventName<Past> => `instance.${past}.v1`;
