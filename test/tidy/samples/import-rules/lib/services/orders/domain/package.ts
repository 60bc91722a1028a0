/** Caught by domain-packages. */
export { z } from "zod";
