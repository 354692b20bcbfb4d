import { MethodError } from "../../errors.js";
import { refused } from "../options.js";
import { drift } from "./drift.js";
import type { Kernel } from "./kernel.js";
import { block, prior, single, suffix } from "./single-site.js";

/** Kernels by the names that programs call them by. */
export type KernelName = "single" | "suffix" | "prior" | "drift" | "block";

const NAMES: readonly KernelName[] = ["single", "suffix", "prior", "drift", "block"];

/**
 * The kernel of a method's options.
 * @throws MethodError PGLR030 for a name that there is not; PGLR083 for `block` without sites, or sites without `block`.
 */
export function kernelNamed(method: string, kernel: KernelName | Kernel, sites?: readonly string[]): Kernel {
  if (sites !== undefined && kernel !== "block") {
    throw new MethodError(
      "PGLR083",
      `${method}: \`sites\` says what the kernel "block" draws again; the kernel is another.`,
      {
        hint: 'Add `kernel: "block"`, or leave `sites` away.',
      },
    );
  }
  if (typeof kernel === "object" && kernel !== null && typeof kernel.step === "function") return kernel;
  switch (kernel) {
    case "single":
      return single;
    case "suffix":
      return suffix;
    case "prior":
      return prior;
    case "drift":
      return drift();
    case "block":
      if (sites === undefined || sites.length === 0) {
        throw new MethodError("PGLR083", `${method}: the kernel "block" needs the names of the draws it draws again.`, {
          hint: 'Pass them: `sites: ["x", "y"]`.',
        });
      }
      return block(sites);
    default:
      throw refused(method, "kernel", `one of ${NAMES.join(", ")}`, kernel);
  }
}
