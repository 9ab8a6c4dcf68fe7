// What did the pointer mean? The side of a polygon under it, as the screen shows it.

const NEAR_PX = 16;

/** The side of *polygon* (open rings) nearest to [lon, lat]: ring, index, foot point; null when none is within 16 px. */
export function nearestSide(map, polygon, at) {
  const here = map.latLngToContainerPoint([at[1], at[0]]);
  let best = null;
  polygon.forEach((ring, r) => ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length];
    const [pa, pb] = [a, b].map((q) => map.latLngToContainerPoint([q[1], q[0]]));
    const foot = L.LineUtil.closestPointOnSegment(here, pa, pb);
    const away = here.distanceTo(foot);
    if (away >= NEAR_PX || (best && away >= best.away)) return;
    const t = pa.distanceTo(foot) / (pa.distanceTo(pb) || 1);
    best = { away, r, i, at: [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])] };
  }));
  return best;
}
