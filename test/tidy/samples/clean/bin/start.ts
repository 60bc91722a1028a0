#!/usr/bin/env node
/** Opens with a comment, after the line for the shell. */
console.log(Date.now(), process.env["PORT"]);
