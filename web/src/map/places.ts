import { VectorTile } from "@mapbox/vector-tile";
import type { Geometry, Position } from "geojson";
import { PbfReader } from "pbf";

/** Where a name stands and how far its area reaches. */
export interface Place {
  label: [number, number];
  /** West, south, east, north. */
  bounds: [number, number, number, number];
}

type Ring = Position[];
type Bounds = [number, number, number, number];

const LOWEST_ZOOM = 3;
const HIGHEST_ZOOM = 10;
/** The whole prefecture is read in about this many tiles. */
const MOST_TILES = 6;

const tileX = (longitude: number, zoom: number) =>
  Math.floor(((longitude + 180) / 360) * 2 ** zoom);
const tileY = (latitude: number, zoom: number) => {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** zoom);
};

/** The tiles of the finest zoom that cover the bounds with few tiles. */
export function coveringTiles(bounds: Bounds): [number, number, number][] {
  const [west, south, east, north] = bounds;
  for (let zoom = HIGHEST_ZOOM; ; zoom -= 1) {
    const [left, right] = [tileX(west, zoom), tileX(east, zoom)];
    const [top, bottom] = [tileY(north, zoom), tileY(south, zoom)];
    if ((right - left + 1) * (bottom - top + 1) > MOST_TILES && zoom > LOWEST_ZOOM) continue;
    const tiles: [number, number, number][] = [];
    for (let x = left; x <= right; x += 1)
      for (let y = top; y <= bottom; y += 1) tiles.push([zoom, x, y]);
    return tiles;
  }
}

/** Twice the signed area of a ring and its centroid. */
function centroid(ring: Ring): { area: number; x: number; y: number } {
  const [x0, y0] = ring[0] as [number, number];
  let area = 0;
  let x = 0;
  let y = 0;
  for (let at = 0; at + 1 < ring.length; at += 1) {
    const [ax, ay] = ring[at] as [number, number];
    const [bx, by] = ring[at + 1] as [number, number];
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
    area += cross;
    x += cross * (ax + bx - 2 * x0);
    y += cross * (ay + by - 2 * y0);
  }
  return area === 0
    ? { area: 0, x: x0, y: y0 }
    : { area: Math.abs(area), x: x0 + x / (3 * area), y: y0 + y / (3 * area) };
}

/** Even-odd test of a point in a ring. */
export function inRing(x: number, y: number, ring: Ring): boolean {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [ax, ay] = ring[at] as [number, number];
    const [bx, by] = ring[before] as [number, number];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function boundsOf(rings: Ring[]): Bounds {
  const bounds: Bounds = [180, 90, -180, -90];
  for (const [x = 0, y = 0] of rings.flat()) {
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  }
  return bounds;
}

/** The point of a grid over the ring that lies deepest inside it. */
function deepest(ring: Ring): [number, number] {
  const steps = 16;
  const [west, south, east, north] = boundsOf([ring]);
  let best: [number, number] = [(west + east) / 2, (south + north) / 2];
  let depth = -1;
  for (let i = 1; i < steps; i += 1)
    for (let j = 1; j < steps; j += 1) {
      const x = west + ((east - west) * i) / steps;
      const y = south + ((north - south) * j) / steps;
      if (!inRing(x, y, ring)) continue;
      const near = Math.min(...ring.map(([px = 0, py = 0]) => Math.hypot(px - x, py - y)));
      if (near > depth) [best, depth] = [[x, y], near];
    }
  return best;
}

/**
 * Where to write the name of an area whose outer rings are given (also cut at tile edges): its
 * centroid when that lies inside, else deep inside its largest part.
 */
export function placeOf(rings: Ring[]): Place | null {
  const parts = rings
    .filter((ring) => ring.length > 3)
    .map((ring) => ({ ring, ...centroid(ring) }));
  const area = parts.reduce((sum, part) => sum + part.area, 0);
  const largest = parts.reduce<(typeof parts)[number] | null>(
    (best, part) => (best === null || part.area > best.area ? part : best),
    null,
  );
  if (largest === null || area === 0) return null;
  const x = parts.reduce((sum, part) => sum + part.x * part.area, 0) / area;
  const y = parts.reduce((sum, part) => sum + part.y * part.area, 0) / area;
  const inside = parts.some(({ ring }) => inRing(x, y, ring));
  return { label: inside ? [x, y] : deepest(largest.ring), bounds: boundsOf(rings) };
}

/** The outer rings of an area. */
export function outerRings(geometry: Geometry): Ring[] {
  switch (geometry.type) {
    case "Polygon":
      return geometry.coordinates.slice(0, 1);
    case "MultiPolygon":
      return geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1));
    default:
      return [];
  }
}

async function readTile(layer: string, [z, x, y]: [number, number, number]) {
  const answer = await fetch(`tiles/${layer}/${z}/${x}/${y}`);
  if (!answer.ok || answer.status === 204) return [];
  const tile = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer())));
  const read = tile.layers[layer];
  return Array.from({ length: read?.length ?? 0 }, (_, at) => read?.feature(at).toGeoJSON(x, y, z));
}

/** Places of a polygon layer by the key that `keyOf` makes of a feature's properties. */
export async function loadPlaces(
  layer: string,
  bounds: Bounds,
  keyOf: (properties: { [name: string]: unknown }) => string,
): Promise<Map<string, Place>> {
  const tiles = await Promise.all(coveringTiles(bounds).map((tile) => readTile(layer, tile)));
  const rings = new Map<string, Ring[]>();
  for (const feature of tiles.flat()) {
    if (!feature) continue;
    const { geometry, properties } = feature;
    const key = keyOf(properties ?? {});
    rings.set(key, [...(rings.get(key) ?? []), ...outerRings(geometry)]);
  }
  const places = new Map<string, Place>();
  for (const [key, found] of rings) {
    const place = placeOf(found);
    if (place) places.set(key, place);
  }
  return places;
}
