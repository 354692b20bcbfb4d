/**
 * A type that is compared with an argument and not inferred from it. TypeScript's own `NoInfer` came with 5.4, and notebooks
 * check with an older one, where an unknown name would silently be `any`.
 */
export type Given<T> = [T][T extends unknown ? 0 : never];
