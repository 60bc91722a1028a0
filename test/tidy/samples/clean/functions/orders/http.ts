/** A function answers over HTTP. */
export const handler = () => ({ statusCode: 201 });
