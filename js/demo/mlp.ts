/** A small multilayer perceptron with a real forward and backward pass, for the demo page only. */
export type ActivationName = "tanh" | "relu" | "elu" | "sigmoid" | "softmax" | "linear";

/** Slope of an activation by its output. */
const SLOPES: Readonly<Record<ActivationName, (a: number) => number>> = {
  tanh: (a) => 1 - a * a,
  relu: (a) => (a > 0 ? 1 : 0),
  elu: (a) => (a > 0 ? 1 : a + 1),
  sigmoid: (a) => a * (1 - a),
  softmax: () => 1,
  linear: () => 1,
};

export interface Dense {
  readonly inputs: number;
  readonly units: number;
  readonly activation: ActivationName;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

export interface Pass {
  readonly z: Float32Array[];
  /** The input first. */
  readonly a: Float32Array[];
}

export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function createMlp(sizes: readonly number[], activations: readonly ActivationName[], random: Random): Dense[] {
  return activations.map((activation, i) => {
    const inputs = sizes[i] ?? 1;
    const units = sizes[i + 1] ?? 1;
    const spread = Math.sqrt((activation === "relu" ? 2 : 1) / inputs);
    const kernel = Float32Array.from({ length: inputs * units }, () => gaussian(random) * spread);
    return { inputs, units, activation, kernel, bias: new Float32Array(units) };
  });
}

function activate(name: ActivationName, z: Float32Array): Float32Array {
  if (name === "tanh") return z.map(Math.tanh);
  if (name === "elu") return z.map((v) => (v > 0 ? v : Math.expm1(v)));
  if (name === "relu") return z.map((v) => Math.max(0, v));
  if (name === "sigmoid") return z.map((v) => 1 / (1 + Math.exp(-v)));
  if (name === "linear") return z.slice();
  const top = Math.max(...z);
  const powers = z.map((v) => Math.exp(v - top));
  const sum = powers.reduce((s, v) => s + v, 0);
  return powers.map((v) => v / sum);
}

export function forward(layers: readonly Dense[], x: ArrayLike<number>): Pass {
  const pass: Pass = { z: [], a: [Float32Array.from(x)] };
  for (const { units, activation, kernel, bias } of layers) {
    const input = pass.a.at(-1) ?? new Float32Array();
    const z = bias.slice();
    for (let i = 0; i < input.length; i++) {
      const value = input[i] ?? 0;
      if (value === 0) continue;
      for (let u = 0; u < units; u++) z[u] = (z[u] ?? 0) + value * (kernel[i * units + u] ?? 0);
    }
    pass.z.push(z);
    pass.a.push(activate(activation, z));
  }
  return pass;
}

export interface Gradients {
  readonly kernels: Float32Array[];
  readonly biases: Float32Array[];
}

/** Gradients of cross-entropy (sigmoid, softmax) or half the squared error (linear), summed over the batch. */
export function gradientsOf(
  layers: readonly Dense[],
  batch: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[],
): Gradients {
  const kernels = layers.map(({ kernel }) => new Float32Array(kernel.length));
  const biases = layers.map(({ bias }) => new Float32Array(bias.length));
  for (const { x, y } of batch) {
    const { a } = forward(layers, x);
    let delta = (a.at(-1) ?? new Float32Array()).map((value, i) => value - (y[i] ?? 0));
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l];
      const input = a[l];
      const dk = kernels[l];
      const db = biases[l];
      if (layer === undefined || input === undefined || dk === undefined || db === undefined) continue;
      const back = new Float32Array(layer.inputs);
      for (let u = 0; u < layer.units; u++) db[u] = (db[u] ?? 0) + (delta[u] ?? 0);
      for (let i = 0; i < layer.inputs; i++) {
        let sum = 0;
        for (let u = 0; u < layer.units; u++) {
          const place = i * layer.units + u;
          dk[place] = (dk[place] ?? 0) + (input[i] ?? 0) * (delta[u] ?? 0);
          sum += (layer.kernel[place] ?? 0) * (delta[u] ?? 0);
        }
        const value = input[i] ?? 0;
        const before = layers[l - 1]?.activation;
        back[i] = sum * SLOPES[before ?? "linear"](value);
      }
      delta = back;
    }
  }
  return { kernels, biases };
}

export function train(
  layers: readonly Dense[],
  data: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[],
  epochs: number,
  rate: number,
  batchSize: number,
): void {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let start = 0; start < data.length; start += batchSize) {
      const batch = data.slice(start, start + batchSize);
      const { kernels, biases } = gradientsOf(layers, batch);
      layers.forEach(({ kernel, bias }, l) => {
        for (let i = 0; i < kernel.length; i++) {
          kernel[i] = (kernel[i] ?? 0) - (rate / batch.length) * (kernels[l]?.[i] ?? 0);
        }
        for (let i = 0; i < bias.length; i++) bias[i] = (bias[i] ?? 0) - (rate / batch.length) * (biases[l]?.[i] ?? 0);
      });
    }
  }
}
