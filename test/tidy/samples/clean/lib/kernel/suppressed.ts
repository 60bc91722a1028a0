/** Looks away once, and says why. */
// oxlint-disable-next-line no-var -- the name must be hoisted above the loader
export var total = 1;
