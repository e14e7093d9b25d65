// Pictures of paper: charts, letters, maps.
import { background, type Drawing, HEIGHT, hsl, polygon, polyline, sheet, smoothNoise, WIDTH } from './canvas.ts';
import type { Random } from './random.ts';

const WORDS =
  'river north winter market table letter stone garden window summer account report meeting harbour street yellow morning paper number silver'.split(
    ' ',
  );

export function chart(random: Random): Drawing {
  const hue = random.between(0, 360);
  const series = random.whole(1, 3);
  const count = random.whole(5, 14);
  const colour = (i: number) => hsl(hue + i * 75, 60, 48);
  const kind = random.pick(['bars', 'lines', 'pie', 'dots'] as const);
  const parts = [background('#fff'), label(200, 28, 17, `${random.pick(WORDS)} and ${random.pick(WORDS)}`, 'middle')];
  if (kind === 'pie') {
    let from = random.between(0, 6);
    const shares = Array.from({ length: random.whole(3, 7) }, () => random.between(0.2, 1));
    const sum = shares.reduce((a, b) => a + b);
    shares.forEach((share, i) => {
      const to = from + (2 * Math.PI * share) / sum;
      const arc = Array.from({ length: 24 }, (_, step): [number, number] => {
        const angle = from + ((to - from) * step) / 23;
        return [170 + 105 * Math.cos(angle), 165 + 105 * Math.sin(angle)];
      });
      parts.push(polygon([[170, 165], ...arc], `fill="${hsl(hue + i * 47, 60, 55)}" stroke="#fff" stroke-width="2"`));
      parts.push(`<rect x="300" y="${75 + 24 * i}" width="12" height="12" fill="${hsl(hue + i * 47, 60, 55)}"/>`);
      parts.push(label(318, 86 + 24 * i, 12, random.pick(WORDS)));
      from = to;
    });
    return sheet(...parts);
  }
  for (let line = 0; line <= 5; line++) {
    const y = 260 - 42 * line;
    parts.push(
      `<line x1="45" x2="385" y1="${y}" y2="${y}" stroke="#ddd"/>`,
      label(38, y + 4, 11, String(line * 20), 'end'),
    );
  }
  for (let each = 0; each < series; each++) {
    let value = random.between(40, 180);
    const points = Array.from({ length: count }, (_, i): [number, number] => {
      value = Math.max(8, Math.min(205, value + random.between(-60, 60)));
      return [55 + (325 * (i + 0.3)) / count, 260 - value];
    });
    const width = 260 / (count * series);
    if (kind === 'lines') parts.push(polyline(points, `stroke="${colour(each)}" stroke-width="3"`));
    for (const [x, y] of points) {
      if (kind === 'bars')
        parts.push(
          `<rect x="${(x + each * width).toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${(260 - y).toFixed(1)}" fill="${colour(each)}"/>`,
        );
      else
        parts.push(
          `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${kind === 'dots' ? random.between(4, 14) : 4}" fill="${colour(each)}" opacity=".8"/>`,
        );
    }
  }
  return sheet(...parts);
}

export function letter(random: Random): Drawing {
  const paper = hsl(random.between(30, 60), random.between(10, 45), random.between(88, 97));
  const ink = hsl(random.between(200, 260), 30, random.between(12, 30));
  const size = random.pick([11, 13, 15]);
  const parts = [background(paper)];
  if (random.chance(0.6))
    parts.push(
      `<rect x="${random.pick([30, 290])}" y="22" width="80" height="34" fill="${hsl(random.between(0, 360), 60, 45)}"/>`,
    );
  parts.push(
    label(
      random.pick([30, 130]),
      random.pick([50, 80]),
      random.whole(17, 26),
      `${random.pick(WORDS)} ${random.pick(WORDS)}`,
      'start',
      ink,
    ),
  );
  const columns = random.pick([1, 1, 2]);
  for (let column = 0; column < columns; column++) {
    const left = 30 + column * 178;
    for (let y = 105; y < random.between(210, 290); y += size * 1.5) {
      if (random.chance(0.12)) continue;
      const words = Array.from({ length: 14 }, () => random.pick(WORDS)).join(' ');
      const room = (columns === 1 ? 345 : 160) * random.between(0.75, 1);
      parts.push(label(left, y, size, words.slice(0, Math.floor(room / (size * 0.54))), 'start', ink));
    }
  }
  if (random.chance(0.5))
    parts.push(
      `<path d="M230 265q20-40 30-5t25-15 25 5 30-20" fill="none" stroke="${hsl(230, 70, 40)}" stroke-width="2.5"/>`,
    );
  return sheet(...parts);
}

export function map(random: Random): Drawing {
  const noise = smoothNoise(random);
  const hue = random.between(60, 140);
  const parts = [background(hsl(hue, 30, 86))];
  for (let block = 0; block < 60; block++)
    parts.push(
      `<rect x="${random.between(-20, 380)}" y="${random.between(-20, 280)}" width="${random.between(15, 60)}" height="${random.between(15, 50)}" fill="${hsl(hue + random.pick([0, 40, -50]), 30, random.between(70, 90))}"/>`,
    );
  const line = (fromX: number, fromY: number, angle: number): [number, number][] => {
    const points: [number, number][] = [];
    let [x, y] = [fromX, fromY];
    for (let step = 0; step < 70; step++) {
      points.push([x, y]);
      const bend = angle + (noise(x * 0.012, y * 0.012, 2) - 0.5) * 3;
      x += 8 * Math.cos(bend);
      y += 8 * Math.sin(bend);
    }
    return points;
  };
  parts.push(
    polyline(
      line(-10, random.between(40, 260), 0),
      `stroke="${hsl(205, 65, 68)}" stroke-width="${random.between(14, 34)}"`,
    ),
  );
  for (let road = 0; road < random.whole(5, 11); road++) {
    const points = random.chance(0.5)
      ? line(-10, random.between(0, HEIGHT), random.between(-0.3, 0.3))
      : line(random.between(0, WIDTH), -10, Math.PI / 2);
    const width = random.pick([3, 5, 9]);
    parts.push(
      polyline(points, `stroke="#8a8478" stroke-width="${width + 2}"`),
      polyline(points, `stroke="${width === 9 ? hsl(45, 85, 65) : '#fff'}" stroke-width="${width}"`),
    );
  }
  return sheet(...parts);
}

function label(x: number, y: number, size: number, text: string, anchor = 'start', fill = '#333'): string {
  return `<text x="${x}" y="${y.toFixed(1)}" font-family="sans-serif" font-size="${size}" text-anchor="${anchor}" fill="${fill}">${text}</text>`;
}
