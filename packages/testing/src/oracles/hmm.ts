/** A hidden Markov model with finitely many states. */
export interface HiddenMarkovModel {
  /** Probabilities of the first state. */
  readonly initial: readonly number[];
  /** `transition[i][j]`: probability of state j after state i. */
  readonly transition: readonly (readonly number[])[];
  /** `logLikelihood(state, t)` of the observation at time t, in nats. */
  readonly logLikelihood: (state: number, t: number) => number;
  readonly length: number;
}

export interface ForwardBackward {
  /** log p(observations), in nats. */
  readonly logZ: number;
  /** `filtering[t][i]` = p(state t = i | observations up to t). */
  readonly filtering: readonly (readonly number[])[];
  /** `smoothing[t][i]` = p(state t = i | all observations). */
  readonly smoothing: readonly (readonly number[])[];
}

/** The forward-backward algorithm, normalised at each step (Rabiner 1989). */
export function forwardBackward(model: HiddenMarkovModel): ForwardBackward {
  const { initial, transition, logLikelihood, length } = model;
  const states = initial.map((_, i) => i);
  const filtering: number[][] = [];
  let logZ = 0;
  for (let t = 0; t < length; t++) {
    const predicted = states.map((j) =>
      t === 0 ? initial[j]! : states.reduce((sum, i) => sum + filtering[t - 1]![i]! * transition[i]![j]!, 0),
    );
    const logs = states.map((j) => logLikelihood(j, t));
    const max = Math.max(...logs);
    const joint = predicted.map((p, j) => p * Math.exp(logs[j]! - max));
    const sum = joint.reduce((a, b) => a + b, 0);
    logZ += max + Math.log(sum);
    filtering.push(joint.map((p) => p / sum));
  }
  const smoothing: number[][] = [];
  let backward = states.map(() => 1);
  for (let t = length - 1; t >= 0; t--) {
    const joint = states.map((i) => filtering[t]![i]! * backward[i]!);
    const sum = joint.reduce((a, b) => a + b, 0);
    smoothing.unshift(joint.map((p) => p / sum));
    const logs = states.map((j) => logLikelihood(j, t));
    const max = Math.max(...logs);
    const message = states.map((i) =>
      states.reduce((s, j) => s + transition[i]![j]! * Math.exp(logs[j]! - max) * backward[j]!, 0),
    );
    const scale = Math.max(...message);
    backward = message.map((m) => m / scale);
  }
  return { logZ, filtering, smoothing };
}

/** Three states with means −1, 1, 0 and unit noise: the parameters of monad-bayes `models/HMM.hs`. */
export const threeStates = {
  initial: [1 / 3, 1 / 3, 1 / 3],
  transition: [
    [0.1, 0.4, 0.5],
    [0.2, 0.6, 0.2],
    [0.15, 0.7, 0.15],
  ],
  means: [-1, 1, 0],
  model(observations: readonly number[]): HiddenMarkovModel {
    return {
      initial: this.initial,
      transition: this.transition,
      logLikelihood: (state, t) => -0.5 * (observations[t]! - this.means[state]!) ** 2 - 0.5 * Math.log(2 * Math.PI),
      length: observations.length,
    };
  },
} as const;
