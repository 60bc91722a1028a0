/** Caught by typescript(no-require-imports). */
import fs = require("node:fs");
export const read = fs.readFileSync;
