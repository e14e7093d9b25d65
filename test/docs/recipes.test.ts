// docs/recipes has a page and a picture for every named recipe; what the pages and docs/training.md tell to write is right.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { LAB_RECIPES } from '../../src/lab/lab-recipes.ts';
import { buildNetwork } from '../../src/training/network/network.ts';
import { parseRecipe } from '../../src/training/network/recipe.ts';
import { namedRecipe, RECIPE_NAMES } from '../../src/training/recipes/auto-encoders.ts';
import { digits, trained } from '../lab/small-training.ts';
import { cleanUp } from '../library/collection.ts';

afterEach(cleanUp);

const DOCS = resolve(import.meta.dirname, '../../docs');
const RECIPES = join(DOCS, 'recipes');
const LARGEST_PICTURE = 40_000;

const read = (name: string) => readFileSync(join(DOCS, name), 'utf8');
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!);
/** Rows of words cannot be looked at. */
const hasPicture = (name: string) => namedRecipe(name)!.input.values === 'pixels';

describe('docs/recipes', () => {
  it('has a page for every named recipe and no other, all in its list', () => {
    const pages = readdirSync(RECIPES).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(pages.sort()).toEqual(RECIPE_NAMES.map((name) => `${name}.md`).sort());
    const listed = [...read('recipes/README.md').matchAll(/^\| \[`([\w-]+)`\]\(\1\.md\)/gm)].map(([, name]) => name!);
    expect(listed).toEqual(RECIPE_NAMES);
  });

  it.each([...RECIPE_NAMES])('%s: its page shows its picture, its loss, its source and its command', (name) => {
    const page = read(`recipes/${name}.md`);
    expect(page.split('\n', 1)[0]).toMatch(new RegExp(`^# \`${name}\`: `));
    for (const part of ['Source', 'Network', 'Loss', 'Look at', 'Try next']) expect(page).toContain(`**${part}`);
    expect(blocks(page, 'sh').join()).toContain(`sandglass train --recipe ${name} --data `);
    if (hasPicture(name)) expect(page).toMatch(new RegExp(`^!\\[[^\\]]{20,}\\]\\(${name}\\.png\\)$`, 'm'));
    // What the network narrows to stands in bold.
    const size = buildNetwork(namedRecipe(name)!).code.reduce((product, length) => product * length, 1);
    expect(page).toMatch(new RegExp(`\\*\\*${size}(?:\\*\\*| means)`));
  });

  it.each(RECIPE_NAMES.filter(hasPicture))('%s: its picture is small and can be seen', async (name) => {
    const file = join(RECIPES, `${name}.png`);
    expect(statSync(file).size).toBeLessThan(LARGEST_PICTURE);
    const { channels } = await sharp(file).stats();
    expect(channels[0]!.stdev).toBeGreaterThan(10);
  });

  it('has no picture that belongs to no page', () => {
    const pictures = readdirSync(RECIPES).filter((name) => name.endsWith('.png'));
    expect(pictures.sort()).toEqual(
      RECIPE_NAMES.filter(hasPicture)
        .map((name) => `${name}.png`)
        .sort(),
    );
  });
});

describe('The guides to training and the lab', () => {
  const guides = [
    'training.md',
    'lab.md',
    ...readdirSync(RECIPES)
      .filter((name) => name.endsWith('.md'))
      .map((name) => `recipes/${name}`),
  ];

  it.each(guides)('%s names real recipes in its commands, and links to what is there', (guide) => {
    const text = read(guide);
    for (const [, name] of text.matchAll(/--(?:recipe|print-recipe) ([a-z][\w-]*)(?![\w./-])/g))
      expect(RECIPE_NAMES).toContain(name);
    const inLab = LAB_RECIPES.map(({ name }) => name);
    for (const [, name] of text.matchAll(/--only ([\w-]+)/g)) expect(inLab).toContain(name);
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect([target, existsSync(resolve(DOCS, guide, '..', target!))]).toEqual([target, true]);
  });

  it('show recipes that can be read and built, with every default that is told', () => {
    const shown = blocks(read('training.md'), 'json').map((json) => parseRecipe(JSON.parse(json)));
    expect(shown.map(({ name }) => name)).toEqual(['mine', 'small-cnn']);
    for (const recipe of shown) expect(buildNetwork(recipe).code).toHaveLength(1);
    const { loss, optimizer, schedule, ...least } = parseRecipe({
      name: 'a',
      input: { shape: [4] },
      encoder: [{ kind: 'dense', units: 2 }],
    });
    expect(least).toMatchObject({
      decoder: 'mirror',
      output: 'sigmoid',
      bits: false,
      batch: 64,
      epochs: 20,
      seed: 1234,
    });
    expect([loss, optimizer.kind, schedule]).toEqual([
      [{ kind: 'mse', reduction: 'mean', weight: 1, warmUp: 0 }],
      'adam',
      { kind: 'constant', rate: 1e-3, warmUp: 0 },
    ]);
  });

  it('show a use of encoder.onnx from Node that runs as it stands', async () => {
    const guide = read('training.md');
    const data = await digits();
    const folder = dirname(data);
    const recipe = JSON.parse(blocks(guide, 'json')[0]!) as object;
    await trained({ recipe, data, out: join(folder, 'mine'), epochs: 1 });
    symlinkSync(resolve(DOCS, '../node_modules'), join(folder, 'node_modules'), 'junction');
    writeFileSync(join(folder, 'example.mjs'), blocks(guide, 'js')[0]!);
    const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(printed).toBe('[ 5, 32 ] [ 5, 784 ]\n');
  });

  it('name every kind of layer, loss, optimizer and schedule', () => {
    const guide = read('training.md');
    const schema = JSON.stringify(JSON.parse(read('recipe.schema.json')));
    const kinds = new Set([...schema.matchAll(/"const":"(\w+)"/g)].map(([, kind]) => kind!));
    expect(kinds.size).toBeGreaterThan(20);
    for (const kind of kinds) expect([kind, guide.includes(`| \`${kind}\` |`)]).toEqual([kind, true]);
  });
});
