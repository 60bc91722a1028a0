/**
 * `npm run build`: makes the published package, ready for `npm pack` and `npm publish`, and prints
 * what each entry weighs; `--out FOLDER` makes it elsewhere.
 */
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isFailure } from "#kernel/failure";
import { buildPackage } from "./package/build-package.ts";
import { sizesText } from "./package/sizes.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { out: { type: "string" } } });

try {
  const built = await buildPackage(
    root,
    values.out === undefined ? undefined : resolve(values.out),
  );
  console.log(sizesText(built.sizes));
  console.log(
    `\nThe package is in ${built.folder}; make its tarball with: npm pack ${built.folder}`,
  );
} catch (error) {
  if (!isFailure(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
