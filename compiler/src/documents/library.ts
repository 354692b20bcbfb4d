import type * as Constraints from "@pgl/constraints";

/** What compiles constraints. */
export type ConstraintLibrary = typeof Constraints;

/** Loads it. */
export type LoadConstraints = () => Promise<ConstraintLibrary>;

/**
 * What loads the library of constraints, once somebody asks for it: it makes a program start later.
 * @param prepare called before it is given to anybody.
 */
export function constraintLibrary(prepare: (() => Promise<void>) | undefined): LoadConstraints {
  const load = async (): Promise<ConstraintLibrary> => {
    await prepare?.();
    return import("@pgl/constraints");
  };
  let loaded: Promise<ConstraintLibrary> | undefined;
  return () => (loaded ??= load());
}
