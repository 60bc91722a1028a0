/** Caught by kernel-packages. */
export { z } from "zod";
