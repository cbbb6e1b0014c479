/** Classes of a sequential scale: place values in equal steps from low to high. */
export interface Scale {
  /** Lower limits of the classes, rising; the first is at or below every value. */
  limits: number[];
  top: number;
  colourOf(value: number): string;
  colours: string[];
}

/**
 * Six lightness steps of one hue (blue-green), told apart by any colour vision and in grey print.
 * Darker is better, so the legend needs no second reading.
 */
const COLOURS = ["#e6efe6", "#c0dcd2", "#92c2c0", "#5a9dab", "#2c7390", "#144a68"];

const SHORT_STEPS = [-2, -1, 0, 1, 2].flatMap((power) => [1, 2, 5].map((n) => n * 10 ** power));

/** Equal classes whose limits are short numbers: the finest step that needs no more classes than colours. */
export function scaleOver(values: number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const classes = (step: number) => Math.floor(high / step + 1e-9) - Math.floor(low / step + 1e-9) + 1;
  const step = SHORT_STEPS.find((step) => classes(step) <= COLOURS.length) ?? (high - low) / COLOURS.length;
  const start = Math.floor(low / step + 1e-9) * step;
  const colours = COLOURS.slice(-classes(step));
  const limits = colours.map((_, i) => Number((start + i * step).toFixed(6)));
  return {
    limits,
    top: Number((start + colours.length * step).toFixed(6)),
    colours,
    colourOf: (value) => colours[Math.max(0, limits.filter((limit) => value >= limit).length - 1)]!,
  };
}
