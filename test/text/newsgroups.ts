// The posts of 20 Newsgroups, read straight from the archive that SANDGLASS_DATA names.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const ARCHIVE = join(
  resolve(process.env.SANDGLASS_DATA ?? join(import.meta.dirname, '../../../shared/data')),
  '20newsgroups/20news-bydate.tar.gz',
);

export interface Post {
  readonly name: string;
  readonly group: string;
  readonly bytes: Uint8Array;
}

/** Why the posts cannot be read, or undefined when they can. */
export const NEWSGROUPS_ABSENT = existsSync(ARCHIVE) ? undefined : '20news-bydate.tar.gz is not in SANDGLASS_DATA';

/** The posts of one half of the by-date split, in the order of the archive. */
export function readPosts(half: 'train' | 'test'): Post[] {
  const tar = gunzipSync(readFileSync(ARCHIVE));
  const posts: Post[] = [];
  // a tar file: blocks of 512 bytes; a header has the name at 0, the size in octal at 124, the type at 156
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, tar.indexOf(0, at));
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8);
    const [folder, group] = name.split('/').slice(-3);
    if (tar[at + 156] === 0x30 && folder?.endsWith(half)) {
      posts.push({ name, group: group!, bytes: tar.subarray(at + 512, at + 512 + size) });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return posts;
}
