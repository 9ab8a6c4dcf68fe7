// What can be measured in the browser while the hand still moves? Lengths, bearings, areas, crossings, close enough to read.
// It never gives a figure that is kept: those come from the server, in the province's VN-2000 zone.

const RADIANS = Math.PI / 180;
const A = 6378137;
const E2 = 0.0066943799901413165;

/** Metres per degree of longitude and latitude at *lat* (WGS 84 ellipsoid). */
export function scaleAt(lat) {
  const s = Math.sin(lat * RADIANS);
  const w = 1 - E2 * s * s;
  return [(A / Math.sqrt(w)) * Math.cos(lat * RADIANS) * RADIANS, (A * (1 - E2)) / w ** 1.5 * RADIANS];
}

/** Length of a side in metres; points are [lon, lat]. */
export function distance(a, b) {
  const [kx, ky] = scaleAt((a[1] + b[1]) / 2);
  return Math.hypot((b[0] - a[0]) * kx, (b[1] - a[1]) * ky);
}

/** Bearing from north, clockwise, 0–360 degrees. */
export function bearing(a, b) {
  const [kx, ky] = scaleAt((a[1] + b[1]) / 2);
  return (Math.atan2((b[0] - a[0]) * kx, (b[1] - a[1]) * ky) / RADIANS + 360) % 360;
}

/** Signed area of an open ring in m²; counter-clockwise is positive. */
export function ringArea(ring) {
  if (ring.length < 3) return 0;
  const [lon0, lat0] = ring[0];
  const [kx, ky] = scaleAt(lat0);
  let sum = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const a = ring[i];
    const b = ring[(i + 1) % ring.length];
    sum += (a[0] - lon0) * kx * (b[1] - lat0) * ky - (b[0] - lon0) * kx * (a[1] - lat0) * ky;
  }
  return sum / 2;
}

/** Area of a polygon (rings, the first is the shell) in m². */
export const polygonArea = (rings) => Math.max(0, rings.reduce((sum, ring, i) => sum + (i ? -1 : 1) * Math.abs(ringArea(ring)), 0));

export function pointInRing([x, y], ring) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

export const pointInPolygon = (point, rings) => pointInRing(point, rings[0]) && !rings.slice(1).some((hole) => pointInRing(point, hole));

const side = (a, b, p) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
const same = (a, b) => a[0] === b[0] && a[1] === b[1];

/** Where two segments cross in their insides; null when they do not, or only touch at an end. */
export function crossing(a, b, c, d) {
  const d1 = side(c, d, a);
  const d2 = side(c, d, b);
  const d3 = side(a, b, c);
  const d4 = side(a, b, d);
  if (d1 * d2 >= 0 || d3 * d4 >= 0) return null;
  const t = d1 / (d1 - d2);
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

/** Points where sides of a zone cross each other, at most *limit*. */
export function crossings(polygons, limit = 50) {
  const sides = [];
  for (const rings of polygons) {
    for (const ring of rings) ring.forEach((a, i) => { const b = ring[(i + 1) % ring.length]; if (!same(a, b)) sides.push([a, b]); });
  }
  // sweep by longitude: only sides whose boxes meet are compared
  const order = sides.map(([a, b]) => [Math.min(a[0], b[0]), Math.max(a[0], b[0]), a, b]).sort((p, q) => p[0] - q[0]);
  const found = [];
  for (let i = 0; i < order.length && found.length < limit; i += 1) {
    for (let j = i + 1; j < order.length && order[j][0] <= order[i][1]; j += 1) {
      const at = crossing(order[i][2], order[i][3], order[j][2], order[j][3]);
      if (at) found.push(at);
    }
  }
  return found;
}

export const crossesRing = (a, b) => a.some((p, i) => b.some((q, j) => crossing(p, a[(i + 1) % a.length], q, b[(j + 1) % b.length])));

/** Box [west, south, east, north] of any GeoJSON geometry; null when it is empty. */
export function boxOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (part) => {
    if (typeof part[0] === "number") {
      box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
    } else part.forEach(walk);
  };
  if (geometry?.geometries) geometry.geometries.forEach((one) => walk(one.coordinates));
  else if (geometry?.coordinates?.length) walk(geometry.coordinates);
  return Number.isFinite(box[0]) ? box : null;
}

/** A point well inside a ring: the middle of the longest stretch of the horizontal through its centre. */
export function labelPoint(rings) {
  const shell = rings[0];
  const ys = shell.map((p) => p[1]);
  const y = (Math.min(...ys) + Math.max(...ys)) / 2 + 1e-10;
  const xs = [];
  for (const ring of rings) {
    ring.forEach((a, i) => {
      const b = ring[(i + 1) % ring.length];
      if (a[1] > y !== b[1] > y) xs.push(a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
    });
  }
  xs.sort((p, q) => p - q);
  let best = [shell[0], -1];
  for (let i = 0; i + 1 < xs.length; i += 2) if (xs[i + 1] - xs[i] > best[1]) best = [[(xs[i] + xs[i + 1]) / 2, y], xs[i + 1] - xs[i]];
  return best[0];
}
