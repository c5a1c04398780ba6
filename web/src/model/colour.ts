/** Arithmetic of colours: contrast (WCAG 2.2), lightness and colour blindness (Viénot 1999). */

export type Rgb = [number, number, number];

/** `#rrggbb` as three numbers 0–1. */
export function parseHex(hex: string): Rgb {
  const number = Number.parseInt(hex.slice(1), 16);
  return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255];
}

const linear = (channel: number) =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;

const toLinear = ([r, g, b]: Rgb): Rgb => [linear(r), linear(g), linear(b)];

/** Relative luminance 0–1. */
export function luminance(hex: string): number {
  const [r, g, b] = toLinear(parseHex(hex));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio 1–21 of two colours. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

/** CIE L* 0–100, the lightness that people see. */
export function lightness(hex: string): number {
  const y = luminance(hex);
  return y <= 0.008856 ? 903.3 * y : 116 * Math.cbrt(y) - 16;
}

function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** How a person sees: with all cones, without the red ones, without the green ones. */
export type Vision = "normal" | "protan" | "deutan";

function seenBy(vision: Vision, [r, g, b]: Rgb): Rgb {
  if (vision === "normal") return [r, g, b];
  const merged = vision === "protan" ? 0.11238 * r + 0.88762 * g : 0.29275 * r + 0.70725 * g;
  const blue = vision === "protan" ? 0.00401 * r - 0.00401 * g + b : -0.02234 * r + 0.02234 * g + b;
  return [merged, merged, blue];
}

/** Distance (CIE76 ΔE) of two colours as a person with that vision sees them. */
export function distance(one: string, other: string, vision: Vision = "normal"): number {
  const [a, b] = [one, other].map((hex) => lab(seenBy(vision, toLinear(parseHex(hex))))) as [
    Rgb,
    Rgb,
  ];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
