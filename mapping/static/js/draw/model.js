// What has been drawn? The zone as plain data: polygons of open rings, cut lines, uses. Geoman only edits; this is the truth.

const DECIMALS = 1e9; // nine decimals of a degree are 0.1 mm, a tenth of the storage grid
const round = ([lon, lat]) => [Math.round(lon * DECIMALS) / DECIMALS, Math.round(lat * DECIMALS) / DECIMALS];
const open = (ring) => {
  const points = ring.map(round);
  const [first, last] = [points[0], points[points.length - 1]];
  if (points.length > 1 && first[0] === last[0] && first[1] === last[1]) points.pop();
  return points;
};
const closed = (ring) => [...ring, ring[0]];

export const emptyState = () => ({ polygons: [], cuts: [], uses: [] });
export const copy = (state) => JSON.parse(JSON.stringify(state));

/** Read GeoJSON polygons (Polygon, MultiPolygon or null) as open rings. */
export function polygonsOf(geometry) {
  if (!geometry) return [];
  const several = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return several.filter((rings) => rings.length).map((rings) => rings.map(open));
}

export function linesOf(geometry) {
  if (!geometry) return [];
  if (Array.isArray(geometry)) return geometry.flatMap(linesOf);
  return (geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates).map((line) => line.map(round));
}

/** Write the zone as GeoJSON MultiPolygon; null while nothing closed is drawn. */
export function zoneOf(state) {
  const polygons = state.polygons.filter((rings) => rings[0]?.length >= 3);
  return polygons.length ? { type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(closed)) } : null;
}

export const ringOf = (layer) => open(layer.toGeoJSON(false).geometry.coordinates[0]);
export const ringsOf = (layer) => layer.toGeoJSON(false).geometry.coordinates.map(open);
export const lineOf = (layer) => layer.toGeoJSON(false).geometry.coordinates.map(round);
export const polygonFromRing = (ring) => ({ type: "Polygon", coordinates: [closed(ring)] });

/** What travels to the server, for the check and for the draft. */
export const payload = (state) => ({
  zone: zoneOf(state),
  cuts: state.cuts.filter((line) => line.length > 1).map((line) => ({ type: "LineString", coordinates: line })),
  uses: state.uses,
});

export const fromServer = ({ zone, cuts, uses }) => ({ polygons: polygonsOf(zone), cuts: linesOf(cuts), uses: uses || [] });

export const sameState = (a, b) => JSON.stringify(payload(a)) === JSON.stringify(payload(b));
export const vertexCount = (state) => state.polygons.reduce((sum, rings) => sum + rings.reduce((n, ring) => n + ring.length, 0), 0);

// --- corners: found by where they are, to a fifth of a millimetre -----------------------------------------------------

const SAME = 2e-9;
const at = (point) => (p) => Math.abs(p[0] - point[0]) < SAME && Math.abs(p[1] - point[1]) < SAME;

/** The corner of the drawing nearest to [lon, lat]. */
export function nearestCorner(state, point) {
  const away = (p) => Math.hypot(p[0] - point[0], p[1] - point[1]);
  const all = [...state.polygons.flat(2), ...state.cuts.flat(1)];
  return all.reduce((best, p) => (away(p) < away(best) ? p : best), all[0]);
}

export function withCornerMoved(state, from, to) {
  const is = at(from);
  return { ...state, polygons: state.polygons.map((rings) => rings.map((ring) => ring.map((p) => (is(p) ? to : p)))) };
}

/** The drawing without one corner; null when its ring or line needs it. */
export function withoutCorner(state, point) {
  const is = at(point);
  let done = false;
  const without = (path, least) => {
    if (done || path.length <= least || !path.some(is)) return path;
    done = true;
    return path.filter((p) => !is(p));
  };
  const polygons = state.polygons.map((rings) => rings.map((ring) => without(ring, 3)));
  const cuts = state.cuts.map((line) => without(line, 2));
  return done ? { ...state, polygons, cuts } : null;
}
