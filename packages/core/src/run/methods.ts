import { enumerate, importance, rejection, smc } from "@pgl/runtime";

/** The inference methods by their PGL names. */
export const methods = { enumerate, rejection, importance, smc } as const;
