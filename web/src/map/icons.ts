import type { Map as MapLibreMap } from "maplibre-gl";
import { FACILITY_KINDS, type Shape } from "../model/facilities";
import { UI } from "../model/palette";

const RATIO = 2;
const SIZE = 20;

function outline(pen: CanvasRenderingContext2D, shape: Shape): void {
  const middle = SIZE / 2;
  const radius = 6.5;
  const corners = (count: number, turn: number, reach: (at: number) => number) => {
    for (let at = 0; at < count; at += 1) {
      const angle = turn + (at * 2 * Math.PI) / count;
      pen.lineTo(middle + reach(at) * Math.cos(angle), middle + reach(at) * Math.sin(angle));
    }
    pen.closePath();
  };
  pen.beginPath();
  switch (shape) {
    case "square":
      pen.rect(middle - 6, middle - 6, 12, 12);
      break;
    case "circle":
      pen.arc(middle, middle, 6, 0, 2 * Math.PI);
      break;
    case "diamond":
      corners(4, -Math.PI / 2, () => radius + 0.5);
      break;
    case "triangle":
      corners(3, -Math.PI / 2, () => radius + 1);
      break;
    case "star":
      corners(10, -Math.PI / 2, (at) => (at % 2 === 0 ? radius + 1.5 : 3.4));
      break;
    case "cross": {
      const [long, short] = [6.5, 2.4];
      const turns: [number, number][] = [
        [-short, -long],
        [short, -long],
        [short, -short],
        [long, -short],
        [long, short],
        [short, short],
        [short, long],
        [-short, long],
        [-short, short],
        [-long, short],
        [-long, -short],
        [-short, -short],
      ];
      for (const [x, y] of turns) pen.lineTo(middle + x, middle + y);
      pen.closePath();
    }
  }
}

/** Draws the sign of a kind of institution: filled when it is there 24 hours. */
export function drawFacility(pen: CanvasRenderingContext2D, shape: Shape, filled: boolean): void {
  pen.lineJoin = "round";
  outline(pen, shape);
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 4.5;
  pen.stroke();
  pen.fillStyle = filled ? UI.ink : "#ffffff";
  pen.fill();
  pen.strokeStyle = UI.ink;
  pen.lineWidth = 1.8;
  pen.stroke();
}

function picture(size: number, draw: (pen: CanvasRenderingContext2D) => void): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = size * RATIO;
  canvas.height = size * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(RATIO, RATIO);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Diagonal hatching that repeats without a seam. */
const hatch = (ink: string, ground: string | null, width: number) =>
  picture(8, (pen) => {
    if (ground) {
      pen.fillStyle = ground;
      pen.fillRect(0, 0, 8, 8);
    }
    pen.strokeStyle = ink;
    pen.lineWidth = width;
    for (const shift of [-8, 0, 8]) {
      pen.beginPath();
      pen.moveTo(shift - 2, 10);
      pen.lineTo(shift + 10, -2);
      pen.stroke();
    }
  });

/** Adds every picture that the style names. */
export function addIcons(map: MapLibreMap): void {
  const add = (name: string, image: ImageData | null) => {
    if (image && !map.hasImage(name)) map.addImage(name, image, { pixelRatio: RATIO });
  };
  for (const { id, shape } of FACILITY_KINDS) {
    add(
      `${id}-24`,
      picture(SIZE, (pen) => drawFacility(pen, shape, true)),
    );
    add(
      id,
      picture(SIZE, (pen) => drawFacility(pen, shape, false)),
    );
  }
  add("hatch-unknown", hatch("#6b6b6b", "#ffffff", 1.2));
  add("hatch-closed", hatch(UI.closed, null, 1));
  add("hatch-shortage", hatch(UI.shortage, null, 1.6));
}
