// Geometric pictures: rectangles, rings, tiles, mazes, curves.
import { background, type Drawing, HEIGHT, hsl, polygon, polyline, sheet, WIDTH } from './canvas.ts';
import type { Random } from './random.ts';

/** A rectangle that is cut in two again and again; some of the parts have a colour. */
export function panels(random: Random): Drawing {
  const hues = Array.from({ length: 3 }, () => random.between(0, 360));
  const bar = random.between(3, 8);
  const parts = [background('#16161a')];
  const cut = (x: number, y: number, width: number, height: number, depth: number): void => {
    if (depth > 0 && Math.max(width, height) > 55 && (depth > 2 || random.chance(0.8))) {
      const share = random.between(0.25, 0.75);
      if (width > height) {
        cut(x, y, width * share, height, depth - 1);
        cut(x + width * share, y, width * (1 - share), height, depth - 1);
      } else {
        cut(x, y, width, height * share, depth - 1);
        cut(x, y + height * share, width, height * (1 - share), depth - 1);
      }
      return;
    }
    const fill = random.chance(0.45)
      ? hsl(random.pick(hues), 80, random.between(35, 60))
      : hsl(50, 20, random.between(86, 97));
    parts.push(
      `<rect x="${(x + bar / 2).toFixed(1)}" y="${(y + bar / 2).toFixed(1)}" width="${Math.max(1, width - bar).toFixed(1)}" height="${Math.max(1, height - bar).toFixed(1)}" fill="${fill}"/>`,
    );
  };
  cut(0, 0, WIDTH, HEIGHT, 5);
  return sheet(...parts);
}

export function shapes(random: Random): Drawing {
  const hue = random.between(0, 360);
  const parts = [background(hsl(hue, 30, random.pick([12, 90, 95])))];
  const count = random.whole(7, 18);
  for (let shape = 0; shape < count; shape++) {
    const [x, y, size] = [random.between(20, 380), random.between(20, 280), random.between(12, 75)];
    const fill = hsl(hue + random.pick([0, 40, 150, 180, 220]), random.between(45, 90), random.between(30, 75), 0.88);
    const kind = random.whole(0, 4);
    if (kind === 0) parts.push(`<circle cx="${x}" cy="${y}" r="${size}" fill="${fill}"/>`);
    else if (kind === 1)
      parts.push(
        `<circle cx="${x}" cy="${y}" r="${size}" fill="none" stroke="${fill}" stroke-width="${random.between(3, 16)}"/>`,
      );
    else if (kind === 2)
      parts.push(
        `<rect x="${x - size}" y="${y - size / 3}" width="${size * 2}" height="${size * 0.66}" fill="${fill}" transform="rotate(${random.whole(0, 180)} ${x} ${y})"/>`,
      );
    else {
      const corners = kind === 3 ? 3 : random.whole(5, 7);
      const turn = random.between(0, Math.PI);
      const points = Array.from({ length: corners }, (_, i): [number, number] => {
        const angle = turn + (2 * Math.PI * i) / corners;
        return [x + size * Math.cos(angle), y + size * Math.sin(angle)];
      });
      parts.push(polygon(points, `fill="${fill}"`));
    }
  }
  return sheet(...parts);
}

/** Truchet tiles: quarter rings or triangles, each tile turned at random. */
export function tiles(random: Random): Drawing {
  const hue = random.between(0, 360);
  const side = random.pick([40, 50, 60]);
  const [ground, ink] = [
    hsl(hue, 40, random.between(75, 94)),
    hsl(hue + random.pick([30, 160, 200]), 65, random.between(20, 45)),
  ];
  const round = random.chance(0.5);
  const density = random.between(0.3, 0.7);
  const parts = [background(ground)];
  for (let y = 0; y < HEIGHT; y += side) {
    for (let x = 0; x < WIDTH; x += side) {
      const turned = random.chance(density);
      if (round) {
        const half = side / 2;
        const arcs = turned
          ? `M${x + half} ${y}A${half} ${half} 0 0 1 ${x} ${y + half}M${x + side} ${y + half}A${half} ${half} 0 0 0 ${x + half} ${y + side}`
          : `M${x + half} ${y}A${half} ${half} 0 0 0 ${x + side} ${y + half}M${x} ${y + half}A${half} ${half} 0 0 1 ${x + half} ${y + side}`;
        parts.push(`<path d="${arcs}" fill="none" stroke="${ink}" stroke-width="${side / 4}"/>`);
      } else {
        const corners = [
          [x, y],
          [x + side, y],
          [x + side, y + side],
          [x, y + side],
        ] as [number, number][];
        corners.splice(random.whole(0, 3), 1);
        parts.push(polygon(corners, `fill="${ink}"`));
      }
    }
  }
  return sheet(...parts);
}

/** A maze without loops (depth-first search); long ways that no two seeds share. */
export function maze(random: Random): Drawing {
  const side = random.pick([20, 25, 50]);
  const [columns, rows] = [WIDTH / side, HEIGHT / side];
  const hue = random.between(0, 360);
  const dark = random.chance(0.5);
  const seen = new Set<number>([0]);
  const way = [0];
  const parts = [background(hsl(hue, 50, dark ? 14 : 92))];
  const middle = (cell: number): [number, number] => [
    ((cell % columns) + 0.5) * side,
    (Math.floor(cell / columns) + 0.5) * side,
  ];
  while (way.length > 0) {
    const cell = way.at(-1)!;
    const column = cell % columns;
    const next = [
      ...(column > 0 ? [cell - 1] : []),
      ...(column < columns - 1 ? [cell + 1] : []),
      ...(cell >= columns ? [cell - columns] : []),
      ...(cell < columns * (rows - 1) ? [cell + columns] : []),
    ].filter((each) => !seen.has(each));
    if (next.length === 0) {
      way.pop();
      continue;
    }
    const chosen = random.pick(next);
    seen.add(chosen);
    way.push(chosen);
    const stroke = hsl(hue + (90 * way.length) / (columns * rows), 70, dark ? 65 : 35);
    parts.push(
      polyline(
        [middle(cell), middle(chosen)],
        `stroke="${stroke}" stroke-width="${side * 0.6}" stroke-linecap="square"`,
      ),
    );
  }
  return sheet(...parts);
}

/** Curves of a spirograph. */
export function curves(random: Random): Drawing {
  const hue = random.between(0, 360);
  const dark = random.chance(0.6);
  const parts = [background(hsl(hue, 40, dark ? 9 : 95))];
  const count = random.whole(1, 3);
  for (let curve = 0; curve < count; curve++) {
    const [cx, cy] = [random.between(140, 260), random.between(120, 180)];
    const [outer, inner] = [random.between(60, 110), random.whole(2, 9)];
    const pen = random.between(0.3, 1.1);
    const turns = random.whole(3, 8);
    const points: [number, number][] = [];
    for (let step = 0; step <= 900; step++) {
      const t = (step / 900) * 2 * Math.PI * turns;
      const arm = outer * pen * 0.55;
      points.push([
        cx + outer * Math.cos(t) + arm * Math.cos((t * inner) / turns + curve),
        cy + outer * Math.sin(t) * 0.8 - arm * Math.sin((t * inner) / turns),
      ]);
    }
    parts.push(
      polyline(
        points,
        `stroke="${hsl(hue + 110 * curve, 75, dark ? 65 : 40)}" stroke-width="${random.between(1, 5).toFixed(1)}"`,
      ),
    );
  }
  return sheet(...parts);
}

/** Rays or rings around a point. */
export function rays(random: Random): Drawing {
  const hue = random.between(0, 360);
  const [cx, cy] = [random.between(60, 340), random.between(60, 240)];
  const count = random.whole(8, 26);
  const parts = [background(hsl(hue, 60, 30))];
  const rings = random.chance(0.4);
  for (let i = 0; i < count; i++) {
    const fill = hsl(
      hue + random.pick([0, 20, 180]),
      70,
      i % 2 === 0 ? random.between(60, 85) : random.between(20, 45),
    );
    if (rings) parts.push(`<circle cx="${cx}" cy="${cy}" r="${(420 * (count - i)) / count}" fill="${fill}"/>`);
    else {
      const [from, to] = [(2 * Math.PI * i) / count, (2 * Math.PI * (i + 1)) / count];
      const far = 600;
      parts.push(
        polygon(
          [
            [cx, cy],
            [cx + far * Math.cos(from), cy + far * Math.sin(from)],
            [cx + far * Math.cos(to), cy + far * Math.sin(to)],
          ],
          `fill="${fill}"`,
        ),
      );
    }
  }
  parts.push(`<circle cx="${cx}" cy="${cy}" r="${random.between(15, 60)}" fill="${hsl(hue + 40, 90, 70)}"/>`);
  return sheet(...parts);
}
