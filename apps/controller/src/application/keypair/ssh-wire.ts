/** The strings in an SSH wire blob (RFC 4251, section 5); undefined when the blob is truncated or has trailing bytes. */
export function stringsOf(blob: Buffer): readonly Buffer[] | undefined {
  const strings: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    strings.push(blob.subarray(at + 4, end));
    at = end;
  }
  return strings;
}
