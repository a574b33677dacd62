/** Special functions and distributions against values of mpmath 1.4.1 at 50 digits. */
import { expect, test } from "vitest";
import { betaQuantile } from "../distributions/beta.ts";
import { binomialCdf, binomialProbability, binomialQuantile } from "../distributions/binomial.ts";
import { chiSquareQuantile, chiSquareTail } from "../distributions/chi-square.ts";
import { normalCdf, normalQuantile, normalTail } from "../distributions/normal.ts";
import { tCdf } from "../distributions/student-t.ts";
import { exp, ln, ln1p } from "./elementary.ts";
import { betaRegularised } from "./incomplete-beta.ts";
import { gammaP, gammaQ } from "./incomplete-gamma.ts";
import { logGamma } from "./log-gamma.ts";

const PRECISION = 1e-12;
const off = (got: number, want: number) => Math.abs(got - want) / Math.abs(want);

/** [x, ln Γ(x)] */
const logGammas = [
  [1e-8, 18.42068073818021],
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [1.3, -0.10817480950786047],
  [2.5, 0.2846828704729192],
  [12, 17.502307845873887],
  [50, 144.5657439463449],
  [1000.25, 5906.9472682711175],
  [1000000.0, 12815504.569147611],
  [1000000000.0, 19723265827.503716],
];

test.each(logGammas)("ln Γ(%d) is %d", (x, want) => {
  expect(Math.abs(logGamma(x!) - want!)).toBeLessThan(1e-14 * Math.max(1, Math.abs(want!)));
});

/** [a, x, P(a, x), Q(a, x)] */
const gammas = [
  [0.5, 0.005, 0.07965567455405796, 0.920344325445942],
  [0.5, 0.75, 0.7793286380801532, 0.2206713619198468],
  [1, 0.9, 0.5934303402594009, 0.4065696597405991],
  [1.5, 0.015, 0.001369605181191318, 0.9986303948188087],
  [1.5, 2.25, 0.7877097126398667, 0.21229028736013333],
  [2.5, 2.25, 0.5201165618867006, 0.4798834381132994],
  [5, 0.05, 2.4979513360065104e-9, 0.9999999975020487],
  [5, 7.5, 0.8679381437122794, 0.1320618562877206],
  [10, 9.0, 0.4125917556680586, 0.5874082443319414],
  [50, 0.5, 1.7887765104351365e-80, 1.0],
  [50, 75.0, 0.9990960679576459, 0.0009039320423540091],
  [100, 100, 0.5132987982791487, 0.48670120172085135],
  [500, 500, 0.5059471461707603, 0.49405285382923964],
  [2000, 2200.0, 0.9999928300749118, 7.169925088244839e-6],
];

test.each(gammas)("P(%d, %d) is %d and Q is %d", (a, x, p, q) => {
  expect(off(gammaP(a!, x!), p!)).toBeLessThan(PRECISION);
  expect(off(gammaQ(a!, x!), q!)).toBeLessThan(PRECISION);
});

/** [x, a, b, I_x(a, b)] */
const betas = [
  [0.32322330470336313, 0.5, 0.5, 0.3849732719186921],
  [0.4, 2, 3, 0.5248],
  [0.7674621886684099, 0.5, 5, 0.999813533282073],
  [0.16738650071975109, 10, 20, 0.015838863536966088],
  [0.8490566037735849, 50, 3, 0.010519168209895947],
  [0.11823899371069183, 3, 50, 0.9541971901158234],
  [0.8796984888740127, 88, 14, 0.671712046481966],
  [0.9997063421593902, 500, 0.5, 0.5879518939304371],
  [0.9706956008352279, 951, 50, 0.9997500578681],
  [0.5219079898664849, 1000, 1000, 0.9750141790888613],
];

test.each(betas)("I_%d(%d, %d) is %d", (x, a, b, want) => {
  expect(off(betaRegularised(x!, a!, b!), want!)).toBeLessThan(PRECISION);
});

/** [t, degrees of freedom, probability] */
const students = [
  [-0.01, 1, 0.49681700723509176],
  [-5, 1, 0.06283295818900118],
  [-1, 2, 0.2113248654051871],
  [-40, 2, 0.0003122073360923703],
  [-3, 3, 0.028834442811218653],
  [-0.5, 4, 0.32166498159093165],
  [-10, 4, 0.00028100181135799556],
  [-2, 7, 0.04280966428148804],
  [-0.01, 10.5, 0.49610437396625917],
  [-5, 10.5, 0.00023174085825234975],
  [-1, 30, 0.16265430771301495],
  [-40, 30, 6.863022597203201e-28],
  [-3, 100, 0.0017039576716647248],
];

test.each(students)("t doesn't exceed %d with %d degrees of freedom with probability %d", (t, freedom, want) => {
  expect(off(tCdf(t!, freedom!), want!)).toBeLessThan(PRECISION);
});

/** [x, Φ(x)] */
const normals = [
  [-37, 5.725571222524577e-300],
  [-10, 7.619853024160525e-24],
  [-4, 3.1671241833119924e-5],
  [-2.5, 0.006209665325776135],
  [-1, 0.15865525393145705],
  [-0.1, 0.460172162722971],
  [0, 0.5],
  [1, 0.8413447460685429],
  [3, 0.9986501019683699],
];

test.each(normals)("Φ(%d) is %d", (x, want) => {
  expect(off(normalCdf(x!), want!)).toBeLessThan(PRECISION);
  expect(normalTail(-x!)).toBe(normalCdf(x!));
});

/** [p, Φ⁻¹(p)] */
const normalQuantiles = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798407],
  [1e-5, -4.264890793922825],
  [0.005, -2.575829303548901],
  [0.025, -1.9599639845400543],
  [0.1, -1.2815515655446004],
  [0.3, -0.5244005127080408],
  [0.45, -0.12566134685507402],
  [0.5001, 0.00025066283008800747],
  [0.8, 0.8416212335729144],
  [0.95, 1.6448536269514722],
  [0.99, 2.3263478740408408],
  [0.999, 3.090232306167813],
];

test.each(normalQuantiles)("Φ⁻¹(%d) is %d", (p, want) => {
  expect(off(normalQuantile(p!), want!)).toBeLessThan(1e-14);
});

/** [p, a, b, quantile], of SciPy 1.17.1 */
const betaQuantiles = [
  [1e-6, 0.5, 0.5, 2.46740110027031e-12],
  [1e-6, 951, 50, 0.9108482758074518],
  [0.005, 0.5, 0.5, 6.168375916970068e-5],
  [0.005, 951, 50, 0.9306578114860329],
  [0.025, 0.5, 0.5, 0.001541333133436012],
  [0.025, 951, 50, 0.9357339468598304],
  [0.5, 0.5, 0.5, 0.4999999999999999],
  [0.5, 951, 50, 0.950349497441478],
  [0.975, 0.5, 0.5, 0.9984586668665639],
  [0.975, 951, 50, 0.9626646023953382],
  [0.995, 0.5, 0.5, 0.9999383162408302],
  [0.995, 951, 50, 0.9660733372897797],
];

test.each(betaQuantiles)("the quantile %d of Beta(%d, %d) is %d", (p, a, b, want) => {
  expect(off(betaQuantile(p!, a!, b!), want!)).toBeLessThan(PRECISION);
});

test("a quantile and its probability undo each other", () => {
  for (const freedom of [1, 4, 30, 1000])
    for (const p of [0.001, 0.3, 0.95, 0.9999])
      expect(chiSquareTail(chiSquareQuantile(p, freedom), freedom)).toBeCloseTo(1 - p, 12);
  for (const n of [1, 17, 1000])
    for (const p of [0.03, 0.5, 0.9])
      for (const q of [0.001, 0.025, 0.5, 0.975]) {
        const k = binomialQuantile(q, n, p);
        expect(binomialCdf(k, n, p)).toBeGreaterThanOrEqual(q);
        expect(binomialCdf(k - 1, n, p)).toBeLessThan(q);
      }
});

test("the binomial probabilities sum to the distribution function, and to one", () => {
  for (const [n, p] of [
    [1, 0.3],
    [40, 0.01],
    [1000, 0.87],
  ] as const) {
    let sum = 0;
    for (let k = 0; k <= n; k++) {
      sum += binomialProbability(k, n, p);
      expect(sum).toBeCloseTo(binomialCdf(k, n, p), 12);
    }
    expect(sum).toBeCloseTo(1, 12);
  }
  expect([binomialProbability(3, 3, 1), binomialProbability(0, 3, 0), binomialProbability(4, 3, 0.5)]).toEqual([
    1, 1, 0,
  ]);
});

test("exp and ln have the same bits on every machine, and are Math's to the last bit but one", () => {
  // of FreeBSD's msun
  expect([exp(2.5), exp(-700), ln(7), ln(1e-300), ln1p(1e-10)]).toEqual([
    12.182493960703473, 9.85967654375977e-305, 1.9459101490553132, -690.7755278982137, 9.999999999500001e-11,
  ]);
  for (const x of [-745, -30.3, -1e-9, 0, 1e-9, 0.3, 2.5, 700])
    expect(off(exp(x), Math.exp(x) || 1)).toBeLessThan(3e-16);
  for (const x of [5e-324, 1e-9, 0.7, 1, 1.4, 1e300])
    expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(3e-16 * (Math.abs(Math.log(x)) || 1));
  expect([exp(-800), exp(800), ln(0), ln(-1), ln1p(-1)]).toEqual([0, Infinity, -Infinity, NaN, -Infinity]);
});
