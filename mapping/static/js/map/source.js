// How do things that come in no tile get drawn and labelled with those that do? A tile source that lives in memory.
/* global protomapsL */

const SIZE = 512;          // protomaps asks for data one zoom below the display, at 512 px
const EDGE = 64;

const worldX = (lon, z) => ((lon + 180) / 360) * SIZE * 2 ** z;
const worldY = (lat, z) => {
  const s = Math.sin((lat * Math.PI) / 180);
  return (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * SIZE * 2 ** z;
};

/** Have a protomaps *view* ask for tiles only where its layer has anything; *bounds*: [west, south, east, north] in degrees, or none. */
export function onlyWhere(view, bounds) {
  if (!view || !bounds) return;
  const { source } = view.tileCache;
  const ask = source.get.bind(source);
  source.get = (tile, size) => (meets(tile, bounds) ? ask(tile, size) : Promise.resolve(new Map()));
}

// a tile shows what lies a little beyond its edge, too: lines are wide
function meets({ z, x, y }, [west, south, east, north]) {
  const left = worldX(west, z) - EDGE, right = worldX(east, z) + EDGE;
  const top = worldY(north, z) - EDGE, bottom = worldY(south, z) + EDGE;
  return right >= x * SIZE && left <= (x + 1) * SIZE && bottom >= y * SIZE && top <= (y + 1) * SIZE;
}

/** Make a protomaps view of *layers*: {name: [{type: 1|2|3, rings: [[[lon, lat] …] …], props}]}. */
export function memoryView(layers) {
  const source = {
    get({ z, x, y }) {
      const result = new Map();
      for (const [name, features] of Object.entries(layers)) {
        const here = [];
        for (const feature of features) {
          const geom = feature.rings.map((ring) => ring.map(([lon, lat]) => new Point(worldX(lon, z) - x * SIZE, worldY(lat, z) - y * SIZE)));
          const bbox = box(geom);
          if (bbox.maxX < -EDGE || bbox.minX > SIZE + EDGE || bbox.maxY < -EDGE || bbox.minY > SIZE + EDGE) continue;
          // a point belongs to one tile, or its label is laid out twice
          if (feature.type === 1 && (bbox.minX < 0 || bbox.minX >= SIZE || bbox.minY < 0 || bbox.minY >= SIZE)) continue;
          here.push({ props: feature.props, geomType: feature.type, geom, bbox, numVertices: geom[0].length });
        }
        result.set(name, here);
      }
      return Promise.resolve(result);
    },
  };
  return new protomapsL.View(new protomapsL.TileCache(source, SIZE), 15, 1);
}

// the few methods of @mapbox/point-geometry that the painter calls on coordinates (it is bundled, not exported)
class Point {
  constructor(x, y) { this.x = x; this.y = y; }
  clone() { return new Point(this.x, this.y); }
  mult(k) { return new Point(this.x * k, this.y * k); }
  add(p) { return new Point(this.x + p.x, this.y + p.y); }
  sub(p) { return new Point(this.x - p.x, this.y - p.y); }
  dist(p) { return Math.hypot(this.x - p.x, this.y - p.y); }
}

function box(geom) {
  const b = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const ring of geom) {
    for (const p of ring) {
      if (p.x < b.minX) b.minX = p.x;
      if (p.x > b.maxX) b.maxX = p.x;
      if (p.y < b.minY) b.minY = p.y;
      if (p.y > b.maxY) b.maxY = p.y;
    }
  }
  return b;
}
