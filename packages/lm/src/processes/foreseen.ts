import type { Constraint } from "@pgl/constraints";
import type { Drawable, Particle, Site } from "@pgl/runtime";
import type { Foresight } from "../twists/foresight.js";
import { twistService } from "../twists/opening.js";
import { isText } from "./mixed-text.js";

/**
 * What compiled programs draw from where a text is drawn and then weighed by which constraints it meets: the same
 * distribution, drawn towards what has weight. Of a distribution that is not drawn token by token, itself.
 */
export function foreseen(
  text: Drawable<string>,
  features: readonly Constraint[],
  logWeight: Foresight["logWeight"],
  exact: boolean,
): Drawable<string> {
  return isText(text) ? text.foreseeing({ features, logWeight, exact }) : text;
}

/**
 * What a draw has put on the execution's twist, in nats, for the weight that it foresees; none where the run has given it a
 * twist of another kind, which may foresee more.
 *
 * @param before where the twist stood before the draw
 */
export function foreseenTwist({ environment, logTwist }: Particle, before: number, draw: Site): number {
  return twistService(environment).given?.has(draw.name) === true ? 0 : logTwist - before;
}

/** Takes away what a draw has put on the execution's twist, in nats: now the weight comes that it was drawn towards. */
export function settle(particle: Particle, logTwist: number): void {
  // An infinite one is that of an execution that ends here.
  if (Number.isFinite(logTwist)) particle.logTwist -= logTwist;
}
