/**
 * Another's answer as text, but never more of it than was agreed: its length is not ours to trust.
 */

/**
 * Throws `RangeError` when the body is longer than `bytesMax`, and whatever breaks the
 * connection.
 */
export async function boundedText(response: Response, bytesMax: number): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  // Leaving the loop early cancels the rest.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new RangeError(`the body is longer than ${bytesMax} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
