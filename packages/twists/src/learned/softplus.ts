/** log(1 + eˣ) = −log of the logistic function of −x, without overflow. */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
