/** Caught by import(no-commonjs). */
module.exports = { price: 1 };
