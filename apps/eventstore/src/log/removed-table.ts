/** What a scavenge keeps of the events that it removes: enough to walk the chain over them. */
export const REMOVED_TABLE = `
  CREATE TABLE removed (
    pos INTEGER PRIMARY KEY,
    sid INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    size INTEGER NOT NULL,
    digest BLOB NOT NULL
  );
`;
