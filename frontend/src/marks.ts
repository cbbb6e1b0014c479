import type { Category } from "./map";
import { token } from "./data";

/** Marks of points: a shape and a colour together, so that neither colour vision nor a printer decides. */
export interface Marks {
  categories: Category[];
  /** The number of a category's mark; the last one stands for everything else. */
  indexOf(category: string | null): number;
  /** Drawn at twice its size. */
  image(index: number): ImageData;
  canvas(index: number): HTMLCanvasElement;
}

const SIZE = 40;
const COLOURS = 8;

/** Corners of each shape on a circle of radius 1; no corners: the circle itself. */
const SHAPES: (readonly [corners: number, turned: number, dent: number])[] = [
  [0, 0, 1], // circle
  [4, Math.PI / 4, 1], // square
  [3, -Math.PI / 2, 1], // triangle
  [4, 0, 1], // diamond
  [5, -Math.PI / 2, 0.45], // star
  [3, Math.PI / 2, 1], // triangle upside down
  [6, 0, 1], // hexagon
];

export function markOf(categories: Category[]): Marks {
  const indexOf = (category: string | null) => {
    const index = categories.findIndex((each) => each.id === category);
    return index < 0 ? categories.length : index;
  };
  const canvas = (index: number) => {
    const made = document.createElement("canvas");
    made.width = made.height = SIZE;
    draw(made.getContext("2d")!, SHAPES[index % SHAPES.length]!, token(`series-${(index % COLOURS) + 1}`), token("surface"));
    return made;
  };
  return { categories, indexOf, canvas, image: (index) => canvas(index).getContext("2d")!.getImageData(0, 0, SIZE, SIZE) };
}

function draw(pen: CanvasRenderingContext2D, [corners, turned, dent]: (typeof SHAPES)[number], colour: string, edge: string) {
  const [middle, radius] = [SIZE / 2, SIZE / 2 - 3];
  pen.beginPath();
  if (!corners) pen.arc(middle, middle, radius - 1, 0, 2 * Math.PI);
  const steps = dent < 1 ? corners * 2 : corners;
  for (let step = 0; step < steps; step += 1) {
    const angle = turned + (step * 2 * Math.PI) / steps;
    const reach = dent < 1 && step % 2 ? radius * dent : radius;
    pen.lineTo(middle + reach * Math.cos(angle), middle + reach * Math.sin(angle));
  }
  pen.closePath();
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  pen.strokeStyle = edge;
  pen.stroke();
}
