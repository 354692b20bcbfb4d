import { bernoulli } from "./bernoulli.js";
import { beta } from "./beta.js";
import { binomial } from "./binomial.js";
import { categorical } from "./categorical.js";
import { cauchy } from "./cauchy.js";
import { choice, empirical } from "./choice.js";
import { delta } from "./delta.js";
import { dirichlet } from "./dirichlet.js";
import { exponential } from "./exponential.js";
import { gamma } from "./gamma.js";
import { geometric } from "./geometric.js";
import { inverseGamma } from "./inverse-gamma.js";
import { laplace } from "./laplace.js";
import { logistic } from "./logistic.js";
import { lognormal } from "./lognormal.js";
import { mixture } from "./mixture.js";
import { multinomial } from "./multinomial.js";
import { multivariateNormal } from "./multivariate-normal.js";
import { negativeBinomial } from "./negative-binomial.js";
import { normal } from "./normal.js";
import { poisson } from "./poisson.js";
import { power, product } from "./product.js";
import { studentT } from "./student-t.js";
import { uniform } from "./uniform.js";
import { uniformInt } from "./uniform-int.js";

/** Every distribution constructor by its PGL name, with PGL's positional parameters. */
export const distributions = {
  bernoulli,
  categorical,
  choice,
  uniform,
  uniform_int: uniformInt,
  normal,
  lognormal,
  student_t: studentT,
  cauchy,
  laplace,
  logistic,
  exponential,
  gamma,
  inverse_gamma: inverseGamma,
  beta,
  dirichlet,
  poisson,
  binomial,
  geometric,
  negative_binomial: negativeBinomial,
  multinomial,
  multivariate_normal: multivariateNormal,
  delta,
  mixture,
  empirical,
  product,
  power,
} as const;
