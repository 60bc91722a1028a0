/** Caught by functions-packages. */
export { z } from "zod";
