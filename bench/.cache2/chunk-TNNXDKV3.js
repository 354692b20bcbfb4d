// src/clock.ts
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
async function spent(work) {
  const wall = performance.now();
  const cpu = cpuSeconds();
  await work();
  return { cpu: cpuSeconds() - cpu, wall: (performance.now() - wall) / 1e3 };
}
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
async function interleaved(competitors, { rounds, warmup = 1 }) {
  const names = Object.keys(competitors);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmup; round < rounds; round++) {
    for (const name of names) {
      const value = await competitors[name]();
      if (round >= 0) results[name].push(value);
    }
  }
  return results;
}
function growthExponent(points) {
  const xs = points.map((p) => Math.log(p.x));
  const ys = points.map((p) => Math.log(p.y));
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let above = 0;
  let below = 0;
  for (let i = 0; i < xs.length; i++) {
    above += (xs[i] - mx) * (ys[i] - my);
    below += (xs[i] - mx) ** 2;
  }
  return above / below;
}

export {
  cpuSeconds,
  spent,
  median,
  interleaved,
  growthExponent
};
//# sourceMappingURL=chunk-TNNXDKV3.js.map