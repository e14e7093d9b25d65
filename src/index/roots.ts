// The folders that were indexed.
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Database, Statement } from './database.ts';
import { storedJson } from './stored-json.ts';

/** What tells a folder from an empty mount point that stands in its place: device and inode, as `stat` says them. */
export interface RootIdentity {
  readonly device: string;
  readonly inode: string;
}

export type RootState = 'online' | 'offline';

export interface RootRecord {
  readonly id: number;
  /** Absolute path. */
  readonly path: string;
  readonly identity: RootIdentity | undefined;
  readonly state: RootState;
}

interface RootRow {
  readonly id: number;
  readonly path: string;
  readonly identity: string | null;
  readonly state: RootState;
}

export class RootTable {
  readonly #database: Database;
  readonly #base: string;
  readonly #select: Statement<RootRow>;

  /** @param base the folder beside which the index lies: roots in it are kept relative to it, so that both can move */
  constructor(database: Database, base: string) {
    this.#database = database;
    this.#base = base;
    this.#select = database.prepare('SELECT id, path, identity, state FROM root ORDER BY id');
  }

  list(): RootRecord[] {
    return this.#select.all().map((row) => ({
      id: row.id,
      path: resolve(this.#base, row.path),
      identity:
        row.identity === null
          ? undefined
          : storedJson<RootIdentity>(row.identity, `what is remembered of ${row.path}`, this.#database.file),
      state: row.state,
    }));
  }

  /** Adds a root, or finds the one of that path; sets its identity when one is given, and its state to online. */
  put(path: string, identity?: RootIdentity): RootRecord {
    const absolute = resolve(path);
    const stored = this.#toStored(absolute);
    this.#database.write(() => {
      // A copy of an index that was moved may hold the same place in another form.
      const known = this.list().find((root) => root.path === absolute);
      if (known !== undefined) this.#database.prepare('UPDATE root SET path = ? WHERE id = ?').run(stored, known.id);
      this.#database
        .prepare(
          `INSERT INTO root (path, identity) VALUES (?, ?)
           ON CONFLICT (path) DO UPDATE SET identity = coalesce(excluded.identity, identity), state = 'online'`,
        )
        .run(stored, identity === undefined ? null : JSON.stringify(identity));
    });
    const root = this.list().find((candidate) => candidate.path === absolute);
    if (root === undefined) throw new Error(`The root ${absolute} was stored but cannot be found.`);
    return root;
  }

  /** Stores every path as an absolute one: in a copy of an index that stands elsewhere. @param base as of the constructor */
  makeAbsolute(base: string): void {
    this.#database.write(() => {
      for (const { id, path } of this.#select.all())
        this.#database.prepare('UPDATE root SET path = ? WHERE id = ?').run(resolve(base, path), id);
    });
  }

  setState(id: number, state: RootState): void {
    this.#database.write(() => this.#database.prepare('UPDATE root SET state = ? WHERE id = ?').run(state, id));
  }

  /** Removes a root with all of its items, codes and failures. */
  remove(id: number): void {
    this.#database.write(() => this.#database.prepare('DELETE FROM root WHERE id = ?').run(id));
  }

  #toStored(absolute: string): string {
    const path = relative(this.#base, absolute);
    if (path === '') return '.';
    const outside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
    return outside ? absolute : path.split(sep).join('/');
  }
}
