/** Caught by simulation-packages. */
export { z } from "zod";
