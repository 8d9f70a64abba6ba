/** Cairn writes JSON objects only; what others wrote into the same log is kept recognizable. */
export function bodyOf(body: unknown): Readonly<Record<string, unknown>> {
  if (body instanceof Uint8Array) return { binary: Buffer.from(body).toString('base64') };
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Readonly<Record<string, unknown>>;
  return body === undefined ? {} : { value: body };
}
