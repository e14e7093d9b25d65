// Pictures of places: mountains, cities, seas, trees, planets, flowers.
import {
  background,
  type Drawing,
  gradient,
  HEIGHT,
  hsl,
  mix,
  palette,
  pixels,
  polygon,
  rgb,
  scale,
  sheet,
  smoothNoise,
  WIDTH,
} from './canvas.ts';
import type { Random } from './random.ts';

export function mountains(random: Random): Drawing {
  const noise = smoothNoise(random);
  const sky = random.between(0, 360);
  const land = sky + random.between(-60, 160);
  const ridges = random.whole(3, 6);
  const sun = [random.between(40, 360), random.between(30, 130), random.between(10, 34)] as const;
  const parts = [
    gradient('sky', [hsl(sky, 60, random.between(25, 55)), hsl(sky + 40, 70, random.between(70, 88))]),
    background('url(#sky)'),
    `<circle cx="${sun[0]}" cy="${sun[1]}" r="${sun[2]}" fill="${hsl(sky + 50, 90, 90)}"/>`,
  ];
  for (let ridge = 0; ridge < ridges; ridge++) {
    const near = (ridge + 1) / ridges;
    const foot = 110 + 170 * near * random.between(0.8, 1);
    const height = random.between(50, 150) * (1.1 - 0.5 * near);
    const zoom = random.between(0.006, 0.016);
    const points: [number, number][] = [[0, HEIGHT]];
    for (let x = 0; x <= WIDTH; x += 4) points.push([x, foot - height * (noise(x * zoom, ridge * 31.7) - 0.3)]);
    points.push([WIDTH, HEIGHT]);
    parts.push(polygon(points, `fill="${hsl(land, 20 + 30 * near, 68 - 54 * near)}"`));
  }
  return sheet(...parts);
}

export function city(random: Random): Drawing {
  const night = random.chance(0.6);
  const hue = random.between(0, 360);
  const parts = [
    gradient('sky', night ? [hsl(hue, 50, 8), hsl(hue + 30, 55, 32)] : [hsl(hue, 55, 60), hsl(hue + 25, 60, 88)]),
    background('url(#sky)'),
  ];
  if (night) {
    for (let star = 0; star < 50; star++)
      parts.push(
        `<circle cx="${random.between(0, WIDTH)}" cy="${random.between(0, 150)}" r="${random.between(0.4, 1.3)}" fill="#fff" opacity=".8"/>`,
      );
  }
  for (const row of [0, 1]) {
    for (let x = random.between(-30, 0); x < WIDTH; ) {
      const width = random.between(22, 62);
      const height = random.between(50, 190) * (row === 0 ? 1.15 : 0.75);
      const top = HEIGHT - height;
      const wall = night ? hsl(hue + 15, 25, row === 0 ? 17 : 9) : hsl(hue + 180, 18, row === 0 ? 62 : 38);
      parts.push(
        `<rect x="${x.toFixed(1)}" y="${top.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${wall}"/>`,
      );
      for (let wy = top + 8; wy < HEIGHT - 8; wy += 13) {
        for (let wx = x + 5; wx < x + width - 7; wx += 10) {
          if (random.chance(night ? 0.4 : 0.75))
            parts.push(
              `<rect x="${wx.toFixed(1)}" y="${wy.toFixed(1)}" width="5" height="7" fill="${night ? hsl(random.between(38, 58), 90, 70) : hsl(hue, 30, 80)}"/>`,
            );
        }
      }
      x += width + random.between(-4, 12);
    }
  }
  return sheet(...parts);
}

export function sea(random: Random): Drawing {
  const noise = smoothNoise(random);
  const hue = random.between(0, 360);
  const horizon = random.between(90, 190);
  const sunX = random.between(60, 340);
  const sunY = horizon - random.between(5, 70);
  const radius = random.between(14, 40);
  const [high, low] = [rgb(hue, 60, random.between(20, 45)), rgb((hue + 45) % 360, 85, 72)];
  const light = rgb((hue + 60) % 360, 95, 88);
  return pixels((x, y) => {
    if (y < horizon) {
      const distance = Math.hypot(x - sunX, y - sunY);
      if (distance < radius) return light;
      const cloud = Math.max(0, noise(x * 0.008, y * 0.035, 4) - 0.5) * 1.6;
      const sky = mix(high, low, y / horizon);
      return mix(mix(sky, light, cloud), light, Math.exp((radius - distance) / 30) * 0.6);
    }
    const depth = (y - horizon) / (HEIGHT - horizon);
    const wave = noise(x * (0.05 - 0.03 * depth), (y * 0.5) / (0.25 + depth), 3);
    const water = mix(low, high, 0.35 + 0.6 * depth);
    const glitter = Math.exp(-(((x - sunX) / (18 + 70 * depth)) ** 2)) * (wave > 0.5 ? 0.9 : 0.25);
    return mix(mix(water, [5, 10, 25], wave * 0.45), light, glitter * 0.8);
  });
}

export function tree(random: Random): Drawing {
  const hue = random.between(0, 360);
  const parts = [
    gradient('air', [hsl(hue, 45, 82), hsl(hue + 30, 50, 93)]),
    background('url(#air)'),
    `<ellipse cx="200" cy="310" rx="270" ry="${random.between(30, 70)}" fill="${hsl(hue + 90, 35, 45)}"/>`,
  ];
  const bark = hsl(random.between(15, 40), 35, random.between(15, 35));
  const leaf = random.between(0, 360);
  const spread = random.between(0.3, 0.6);
  const branch = (x: number, y: number, length: number, angle: number, depth: number): void => {
    const endX = x + length * Math.cos(angle);
    const endY = y - length * Math.sin(angle);
    parts.push(
      `<line x1="${x.toFixed(1)}" y1="${y.toFixed(1)}" x2="${endX.toFixed(1)}" y2="${endY.toFixed(1)}" stroke="${bark}" stroke-width="${(0.8 * 1.55 ** depth).toFixed(1)}" stroke-linecap="round"/>`,
    );
    if (depth <= 1) {
      parts.push(
        `<circle cx="${endX.toFixed(1)}" cy="${endY.toFixed(1)}" r="${random.between(2, 6).toFixed(1)}" fill="${hsl(leaf + random.between(-25, 25), 60, random.between(35, 60), 0.8)}"/>`,
      );
    }
    if (depth === 0) return;
    for (const side of [-1, 1])
      branch(
        endX,
        endY,
        length * random.between(0.66, 0.84),
        angle + side * random.between(0.5, 1.4) * spread,
        depth - 1,
      );
  };
  branch(random.between(110, 290), 290, random.between(48, 70), Math.PI / 2 + random.between(-0.2, 0.2), 7);
  return sheet(...parts);
}

export function planet(random: Random): Drawing {
  const noise = smoothNoise(random);
  const colours = palette(random);
  const [cx, cy, radius] = [random.between(110, 290), random.between(90, 210), random.between(55, 125)];
  const angle = random.between(0, 2 * Math.PI);
  const lightFrom = [Math.cos(angle) * 0.8, Math.sin(angle) * 0.8, 0.6] as const;
  const bands = random.chance(0.5) ? 4 : 1;
  const stars = new Set(Array.from({ length: 240 }, () => random.whole(0, WIDTH * HEIGHT)));
  return pixels((x, y) => {
    const dx = (x - cx) / radius;
    const dy = (y - cy) / radius;
    const off = dx * dx + dy * dy;
    if (off < 1) {
      const dz = Math.sqrt(1 - off);
      const shine = Math.max(0.04, dx * lightFrom[0] + dy * lightFrom[1] + dz * lightFrom[2]);
      const ground = noise(dx * 2.2 + 9, dy * 2.2 * bands + dz, 5);
      return mix([0, 0, 0], scale(colours, (ground - 0.2) * 1.6), Math.min(1, shine * 1.15));
    }
    const dust = Math.max(0, noise(x * 0.01, y * 0.01, 5) - 0.45);
    if (stars.has(y * WIDTH + x)) return [255, 250, 235];
    return mix([6, 6, 16], colours[2]!, dust * 0.9);
  });
}

export function flowers(random: Random): Drawing {
  const hue = random.between(0, 360);
  const parts = [background(hsl(hue, random.between(20, 60), random.pick([16, 88, 93])))];
  const count = random.whole(3, 9);
  for (let flower = 0; flower < count; flower++) {
    const [x, y] = [random.between(50, 350), random.between(45, 200)];
    const petals = random.whole(5, 13);
    const reach = random.between(18, 55);
    const petalHue = random.between(0, 360);
    const fill = hsl(petalHue, 75, random.between(50, 72), 0.92);
    parts.push(
      `<path d="M${x.toFixed(0)} ${y.toFixed(0)} Q ${(x + random.between(-40, 40)).toFixed(0)} ${((y + HEIGHT) / 2).toFixed(0)} ${(200 + (x - 200) * 0.4).toFixed(0)} ${HEIGHT}" stroke="${hsl(random.between(90, 150), 45, 35)}" stroke-width="4" fill="none"/>`,
    );
    for (let petal = 0; petal < petals; petal++) {
      parts.push(
        `<ellipse cx="${x.toFixed(1)}" cy="${(y - reach * 0.6).toFixed(1)}" rx="${((reach * 1.7) / petals).toFixed(1)}" ry="${(reach * 0.55).toFixed(1)}" fill="${fill}" transform="rotate(${((360 * petal) / petals).toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)})"/>`,
      );
    }
    parts.push(
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(reach * 0.26).toFixed(1)}" fill="${hsl(petalHue + 150, 80, 55)}"/>`,
    );
  }
  return sheet(...parts);
}
