// Pictures without things: clouds, marble, cells, fractals, fallen leaves, currents.
import {
  background,
  type Drawing,
  HEIGHT,
  hsl,
  mix,
  palette,
  pixels,
  polygon,
  polyline,
  scale,
  sheet,
  smoothNoise,
  WIDTH,
} from './canvas.ts';
import type { Random } from './random.ts';

export function plasma(random: Random): Drawing {
  const noise = smoothNoise(random);
  const colours = palette(random);
  const zoom = random.between(0.005, 0.014);
  return pixels((x, y) => scale(colours, (noise(x * zoom, y * zoom, 6) - 0.2) / 0.6));
}

export function marble(random: Random): Drawing {
  const noise = smoothNoise(random);
  const colours = palette(random);
  const zoom = random.between(0.004, 0.01);
  const bend = random.between(2, 6);
  const stripes = random.between(3, 9);
  const angle = random.between(0, Math.PI);
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  return pixels((x, y) => {
    const warp = noise(x * zoom, y * zoom, 5);
    const place = (x * across + y * down) * zoom * stripes + bend * warp;
    return scale(colours, 0.5 + 0.5 * Math.sin(place * Math.PI));
  });
}

/** Stained glass: each pixel takes the colour of the nearest of some random points, with lead between. */
export function cells(random: Random): Drawing {
  const colours = palette(random);
  const lead = random.between(1.5, 4);
  const points = Array.from({ length: random.whole(14, 60) }, () => ({
    x: random.between(0, WIDTH),
    y: random.between(0, HEIGHT),
    colour: mix(random.pick(colours), [255, 255, 255], random.between(0, 0.3)),
  }));
  return pixels((x, y) => {
    let nearest = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    let colour = points[0]!.colour;
    for (const point of points) {
      const distance = (x - point.x) ** 2 + (y - point.y) ** 2;
      if (distance < nearest) {
        second = nearest;
        nearest = distance;
        colour = point.colour;
      } else if (distance < second) second = distance;
    }
    const edge = Math.sqrt(second) - Math.sqrt(nearest);
    return edge < lead ? [18, 16, 20] : mix(colour, [0, 0, 0], Math.min(0.45, nearest / 9000));
  });
}

export function julia(random: Random): Drawing {
  const colours = [...palette(random), [8, 8, 14] as const];
  const angle = random.between(0, 2 * Math.PI);
  const [a, b] = [0.7885 * Math.cos(angle), 0.7885 * Math.sin(angle)];
  const zoom = random.between(0.005, 0.009);
  const turn = random.between(0, Math.PI);
  const rounds = 60;
  return pixels((px, py) => {
    const [dx, dy] = [(px - WIDTH / 2) * zoom, (py - HEIGHT / 2) * zoom];
    let x = dx * Math.cos(turn) - dy * Math.sin(turn);
    let y = dx * Math.sin(turn) + dy * Math.cos(turn);
    let round = 0;
    while (round < rounds && x * x + y * y < 16) {
      [x, y] = [x * x - y * y + a, 2 * x * y + b];
      round++;
    }
    if (round === rounds) return [8, 8, 14];
    const smooth = round + 1 - Math.log2(Math.log2(x * x + y * y) / 2);
    return scale(colours, Math.sqrt(Math.max(0, smooth) / rounds));
  });
}

/** The dead leaves model: shapes of power-law sizes that hide one another, as things in photos do. */
export function deadLeaves(random: Random): Drawing {
  const hue = random.between(0, 360);
  const range = random.between(30, 180);
  const form = random.pick(['disc', 'box', 'leaf', 'mixed'] as const);
  const parts = [background(hsl(hue, 30, 40))];
  for (let leaf = 0; leaf < 420; leaf++) {
    const size = Math.min(90, 7 / Math.sqrt(random.between(0.004, 1)));
    const [x, y] = [random.between(-20, WIDTH + 20), random.between(-20, HEIGHT + 20)];
    const fill = hsl(hue + random.between(-range, range), random.between(20, 80), random.between(15, 85));
    const turn = `transform="rotate(${random.whole(0, 180)} ${x.toFixed(1)} ${y.toFixed(1)})"`;
    const shape = form === 'mixed' ? random.pick(['disc', 'box', 'leaf'] as const) : form;
    if (shape === 'box') {
      const tall = size * random.between(0.8, 2);
      parts.push(
        `<rect x="${(x - size).toFixed(1)}" y="${(y - tall / 2).toFixed(1)}" width="${(2 * size).toFixed(1)}" height="${tall.toFixed(1)}" fill="${fill}" ${turn}/>`,
      );
    } else {
      const flat = shape === 'disc' ? 1 : random.between(0.25, 0.55);
      parts.push(
        `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="${size.toFixed(1)}" ry="${(size * flat).toFixed(1)}" fill="${fill}" ${turn}/>`,
      );
    }
  }
  return sheet(...parts);
}

/** Lines that follow the direction of a smooth field. */
export function currents(random: Random): Drawing {
  const noise = smoothNoise(random);
  const hue = random.between(0, 360);
  const zoom = random.between(0.003, 0.009);
  const turns = random.between(1.2, 3);
  const dark = random.chance(0.5);
  const parts = [background(hsl(hue, 35, dark ? 10 : 94))];
  for (let line = 0; line < 260; line++) {
    let [x, y] = [random.between(-20, WIDTH + 20), random.between(-20, HEIGHT + 20)];
    const points: [number, number][] = [];
    for (let step = 0; step < 22; step++) {
      points.push([x, y]);
      const angle = noise(x * zoom, y * zoom, 2) * turns * 2 * Math.PI;
      x += 5 * Math.cos(angle);
      y += 5 * Math.sin(angle);
    }
    const stroke = hsl(hue + 120 * noise(x * 0.01, y * 0.01, 1), 70, random.between(35, 75), 0.85);
    parts.push(
      polyline(points, `stroke="${stroke}" stroke-width="${random.between(1, 4).toFixed(1)}" stroke-linecap="round"`),
    );
  }
  return sheet(...parts);
}

/** Low-polygon relief: a grid of triangles, shaded by their slope. */
export function relief(random: Random): Drawing {
  const noise = smoothNoise(random);
  const hue = random.between(0, 360);
  const step = random.pick([25, 33, 50]);
  const place = (column: number, row: number) => {
    const x = column * step + (noise(column * 3.1, row * 3.7, 1) - 0.5) * step * 0.9;
    const y = row * step + (noise(column * 2.3 + 50, row * 2.9, 1) - 0.5) * step * 0.9;
    return { x, y, z: noise(column * 0.35 + 80, row * 0.35, 2) };
  };
  const parts: string[] = [background('#000')];
  for (let row = -1; row <= HEIGHT / step; row++) {
    for (let column = -1; column <= WIDTH / step; column++) {
      const [a, b, c, d] = [
        place(column, row),
        place(column + 1, row),
        place(column, row + 1),
        place(column + 1, row + 1),
      ];
      for (const [p, q, r] of [[a, b, c] as const, [b, d, c] as const]) {
        const slope = (q.z - p.z) * 1.3 - (r.z - p.z);
        const light = 50 + slope * 130 + (p.z - 0.5) * 30;
        const fill = hsl(hue + (p.z + q.z + r.z) * 45, 55, Math.max(8, Math.min(92, light)));
        parts.push(
          polygon(
            [
              [p.x, p.y],
              [q.x, q.y],
              [r.x, r.y],
            ],
            `fill="${fill}" stroke="${fill}" stroke-width="0.7"`,
          ),
        );
      }
    }
  }
  return sheet(...parts);
}
