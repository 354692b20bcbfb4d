/** Stands for tslab: keeps where it keeps itself, and records what cells show. */
export class FakeKernel {
  /** One for each place in the outputs, with everything that was written there. */
  readonly outputs: string[][] = [];

  readonly display = { html: (markup: string): void => void this.outputs.push([markup]) };

  readonly newDisplay = () => {
    let place: string[] | null = null;
    return {
      html: (markup: string): void => {
        if (place === null) this.outputs.push((place = []));
        place.push(markup);
      },
    };
  };

  begin(): void {
    (globalThis as { __tslab__?: unknown })["__tslab__"] = {
      exports: {},
      require: (name: string) => {
        if (name !== "tslab") throw new Error(`unexpected require of ${name}`);
        return this;
      },
    };
  }

  static end(): void {
    delete (globalThis as { __tslab__?: unknown })["__tslab__"];
  }
}
