import type { Site } from "@pgl/runtime";

/**
 * A twist in a file as a program names it: `twist ahead = "twists/infill.json"`. It is a pure value: the run reads the file,
 * and makes of it the twist for the arguments that it has (`TwistService.named`).
 */
export class TwistAlias {
  readonly kind = "twist";

  constructor(
    readonly name: string,
    /** As it is written, from the folder of the file that declares it. */
    readonly file: string,
    /** The declaration. */
    readonly site: Site,
  ) {}
}
