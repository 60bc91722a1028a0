/**
 * The text of a file, gzip-compressed or not, piece by piece.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { Failure } from "#kernel/failure";

/** The first two bytes of every gzip file (RFC 1952 section 2.3.1). */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/**
 * Whether a file is compressed is read from its content, not from its name. A byte order mark is
 * left out. Throws `Failure` `malformed-request` (reject) for a file that cannot be read, is no
 * UTF-8 or is damaged.
 */
export async function* textOf(path: string): AsyncGenerator<string> {
  try {
    yield* decoded(path, await isGzip(path));
  } catch (error) {
    throw new Failure("malformed-request", "reject", `${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

async function* decoded(path: string, gzip: boolean): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const file = createReadStream(path);
  const bytes = gzip ? file.pipe(createGunzip()) : file;
  // A pipe does not carry the errors of its source.
  if (gzip) file.on("error", (error) => bytes.destroy(error));
  for await (const chunk of bytes as AsyncIterable<Uint8Array>) {
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

async function isGzip(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === GZIP_MAGIC[0] && buffer[1] === GZIP_MAGIC[1];
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
      return "there is no such file: check the path";
    case "EISDIR":
      return "this is a folder: name the file in it";
    case "EACCES":
      return "this file may not be read: check its permissions";
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return "this is not UTF-8 text: convert the file to UTF-8";
    default:
      if (code.startsWith("Z_")) return `the gzip file is damaged (${code}): fetch it again`;
      return error instanceof Error ? error.message : String(error);
  }
}
