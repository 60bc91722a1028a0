/**
 * Packs a few small files as a ZIP archive without compression, which is all that a test's Lambda
 * code needs. Source: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central
 * directory), 4.3.16 (end record).
 */
import { crc32 } from "node:zlib";

const versionNeeded = 20;
/**
 * 1 January 1980, the earliest date that the format can hold: the same files give the same bytes.
 */
const earliestDate = 0x0021;
/** Regular file, readable by all, in the upper half as Unix wants it. */
const fileMode = (0o100644 << 16) >>> 0;

/** @param files the content of each file by its path in the archive */
export function zip(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path, "utf8");
    const data = Buffer.from(content);
    const description = describe(name, data);
    const localHeader = Buffer.concat([bytes(4, 0x04034b50), description]);
    directory.push(centralHeader(description, offset), name);
    parts.push(localHeader, name, data);
    offset += localHeader.length + name.length + data.length;
  }
  const central = Buffer.concat(directory);
  const count = directory.length / 2;
  return Buffer.concat([...parts, central, endRecord(count, central.length, offset)]);
}

/** The fields that the local header and the central directory share. */
function describe(name: Buffer, data: Buffer): Buffer {
  return Buffer.concat([
    bytes(2, versionNeeded),
    bytes(2, 0x0800), // names are UTF-8
    bytes(2, 0), // stored, not compressed
    bytes(2, 0),
    bytes(2, earliestDate),
    bytes(4, crc32(data)),
    bytes(4, data.length),
    bytes(4, data.length),
    bytes(2, name.length),
    bytes(2, 0),
  ]);
}

function centralHeader(description: Buffer, offset: number): Buffer {
  const madeByUnix = (3 << 8) | versionNeeded;
  return Buffer.concat([
    bytes(4, 0x02014b50),
    bytes(2, madeByUnix),
    description,
    bytes(2, 0), // comment length
    bytes(2, 0), // disk
    bytes(2, 0), // internal attributes
    bytes(4, fileMode),
    bytes(4, offset),
  ]);
}

function endRecord(count: number, directorySize: number, directoryOffset: number): Buffer {
  return Buffer.concat([
    bytes(4, 0x06054b50),
    bytes(2, 0),
    bytes(2, 0),
    bytes(2, count),
    bytes(2, count),
    bytes(4, directorySize),
    bytes(4, directoryOffset),
    bytes(2, 0),
  ]);
}

function bytes(width: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(width);
  if (width === 2) buffer.writeUInt16LE(value);
  else buffer.writeUInt32LE(value);
  return buffer;
}
