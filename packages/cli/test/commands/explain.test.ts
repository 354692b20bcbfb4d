import { expect, test } from "vitest";
import { folder, pgl } from "../buffer-io.js";

const explain = (code: string) => pgl(folder({}), ["explain", code]);

test("says what a code means, with an example where there is one", async () => {
  const { status, out, err } = await explain("pgl3008");
  expect({ status, err }).toEqual({ status: 0, err: "" });
  expect(out).toBe(
    "PGL3008 Not a distribution\n\n`~` and `sample` draw from a distribution.\n\n  model m() { let x ~ 0.5 }\n",
  );
  expect((await explain("PGLW003")).out).toMatch(/^PGLW003 Every execution had weight zero\n\n.*may be\s+impossible/s);
  expect((await explain("PGL1002")).out).toBe("PGL1002 a string that is not closed\n");
});

test("a code that does not exist is a fault of the command line", async () => {
  const { status, out, err } = await explain("PGLW00");
  expect(status).toBe(2);
  expect(out).toBe("");
  expect(err).toContain("There is no code PGLW00.");
  expect(err).toContain("Did you mean PGLW00");
});
