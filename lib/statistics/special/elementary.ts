/**
 * exp, ln and ln(1 + x) by additions, multiplications and divisions alone: the same bits on every machine and engine,
 * which Math.exp and Math.log don't promise. Draws rest on them. Below 1 unit in the last place (FreeBSD's msun, after
 * Sun's fdlibm). Pure.
 */

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const view = new DataView(new ArrayBuffer(8));

/** 2 to a whole power in −1022 … 1023. */
function powerOfTwo(power: number): number {
  view.setUint32(0, (power + 1023) << 20);
  view.setUint32(4, 0);
  return view.getFloat64(0);
}

/** e to the power of x: 0 below −745.13, infinite above 709.78. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  const k = Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k >= -1021 && k <= 1023) return y * powerOfTwo(k);
  return k > 0 ? y * 2 * powerOfTwo(k - 1) : y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
}

/** The natural logarithm of x ≥ 0; of 0 it is −∞. */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < 2.2250738585072014e-308) return ln(x * 18014398509481984) - 54 * Math.LN2;
  view.setFloat64(0, x);
  const head = view.getUint32(0);
  // 1 + f lies between half the root of 2 and the root of 2
  const shift = ((head & 0xfffff) + 0x95f64) & 0x100000;
  const k = (head >> 20) - 1023 + (shift >> 20);
  view.setUint32(0, (head & 0xfffff) | (shift ^ 0x3ff00000));
  const f = view.getFloat64(0) - 1;
  if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + odd + even) + k * LN2_LOW) - f);
}

/** ln(1 + x) for x > −1, exact also where x is tiny (Kahan's correction of what 1 + x lost). */
export function ln1p(x: number): number {
  const sum = 1 + x;
  if (sum === 1) return x;
  return sum === Number.POSITIVE_INFINITY ? sum : ln(sum) * (x / (sum - 1));
}
