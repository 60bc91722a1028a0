/** Prints from inside a function. */
export const shout = (text: string) => console.log(text); // caught
export const whisper = (text: string) => console.error(text); // caught
export const write = (text: string) => process.stdout.write(text); // caught
