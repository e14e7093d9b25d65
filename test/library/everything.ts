// A folder with an index that has everything an index can have: each table has rows, each place files.
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { Catalog } from '../../src/index/catalog.ts';
import { type IndexLayout, indexLayout } from '../../src/index/layout.ts';
import { seeingModel, writePictureFolder } from '../encoders/picture-models.ts';
import { add, documents, documentText, opened, picture, temporaryFolder, write } from './collection.ts';

/** A folder of documents, one a day, and of pictures, one every other day, with an index that has everything. */
export async function everything(): Promise<string> {
  const made = documents(20);
  write(made, 'sea/long.txt', Array.from({ length: 20 }, (_, i) => `${documentText('sea', 200 + i)}.`).join('\n\n'));
  write(made, 'pictures/broken.png', (await picture(1)).slice(0, 50));
  write(made, 'sea/left-out.txt', documentText('sea', 900));
  for (let i = 0; i < 10; i++) write(made, `pictures/${i}.png`, await picture(i));
  for (let i = 0; i < 3; i++) write(made, `pictures/copy-${i}.jpg`, await smaller(i));
  write(made, 'pictures/same.png', await picture(5));
  const frames = await Promise.all([20, 21, 22].map(picture));
  const moving = sharp(frames, { join: { animated: true } }).gif();
  write(made, 'pictures/moving.gif', await moving.toBuffer());

  for (const topic of ['sea', 'bread', 'chess'])
    for (let i = 0; i < 20; i++) utimesSync(join(made, topic, `${i}.txt`), day(i), day(i));
  for (let i = 0; i < 10; i++) utimesSync(join(made, `pictures/${i}.png`), day(2 * i), day(2 * i));

  const index = await opened(made, { create: true });
  inCatalog(indexLayout(index.directory), ({ settings }) => {
    settings.set('graph-from', 20);
    settings.set('code-files-from', 5);
  });
  writeFileSync(join(index.directory, 'config.json'), '{"threads": 1}\n');
  const how = { train: 'auto', quality: 'fast', frames: 'all', threads: 1 } as const;
  await add(index, made, how);
  const model = writePictureFolder(join(temporaryFolder(), 'eyes'), seeingModel());
  for await (const _ of index.importEncoder(model, {
    name: 'eyes',
    mean: 0.5,
    std: 0.5,
    fit: 'stretch',
    kernel: 'box',
  }));
  const found = await index.duplicates();
  const { run } = await index.applyPlan(await index.planDuplicates(found), { to: temporaryFolder() });
  await index.undoPlan(run!);
  await index.decideDuplicate(join(made, 'pictures/8.png'), join(made, 'pictures/9.png'), 'distinct');
  await index.forget(join(made, 'sea/left-out.txt'), { keepOut: true });
  await add(index, [], how);
  await index.close();
  return made;
}

/** One day after the other, all of them before now. */
export function day(number: number): Date {
  return new Date(Date.UTC(2026, 0, 1 + number));
}

async function smaller(number: number): Promise<Uint8Array> {
  return sharp(await picture(number))
    .resize(48)
    .jpeg()
    .toBuffer();
}

export function inCatalog<T>(layout: IndexLayout, work: (catalog: Catalog) => T): T {
  using catalog = Catalog.open(layout);
  return work(catalog);
}
