/**
 * The change stream of the simulated provider's table, as charges before and after.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Charge } from "#services/provider/ports";
import { chargeIn } from "./charge-store.ts";

/** What is read of a record; the stream's view has both images. */
export type ChargeRecord = {
  readonly dynamodb?:
    | { readonly OldImage?: Image | undefined; readonly NewImage?: Image | undefined }
    | undefined;
};

type Image = Readonly<Record<string, object>>;

export const chargeChangeOf = ({ dynamodb }: ChargeRecord) => ({
  before: dynamodb?.OldImage === undefined ? undefined : chargeOf(dynamodb.OldImage),
  after: chargeOf(dynamodb?.NewImage ?? {}),
});

// The stream's own type lacks what the SDK says of the same values.
const chargeOf = (image: Image): Charge =>
  chargeIn(unmarshall(image as Record<string, AttributeValue>));
