import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { IndexLayout } from '../../src/index/layout.ts';
import { acquireWriterLock, readWriterNote } from '../../src/index/writer-lock.ts';
import { childThatSays, cleanUp, compiled, rejectionOf, temporaryIndex } from './temporary-index.ts';

afterEach(cleanUp);

function childHolding(layout: IndexLayout) {
  return childThatSays(
    'holding',
    `import { acquireWriterLock } from '${compiled('writer-lock')}';
     import { indexLayout } from '${compiled('layout')}';
     await acquireWriterLock(indexLayout(${JSON.stringify(layout.directory)}), { command: 'sandglass index photos' });
     process.stdout.write('holding\\n');
     setInterval(() => {}, 1000);`,
  );
}

describe('A second writer', () => {
  it('is told at once which process writes, since when, and what it does', async () => {
    const layout = temporaryIndex();
    const child = await childHolding(layout);
    try {
      const note = readWriterNote(layout)!;
      const error = await rejectionOf(acquireWriterLock(layout, { command: 'me' }));
      expect(error.code).toBe('INDEX_LOCKED');
      expect(error.message).toContain(
        `process ${note.pid} on ${hostname()} (sandglass index photos, since ${note.since})`,
      );
      expect(note.pid).not.toBe(process.pid);
    } finally {
      child.kill('SIGKILL');
      await child.end;
    }
  });

  it('in the same process is refused as well', async () => {
    const layout = temporaryIndex();
    using _lock = await acquireWriterLock(layout, { command: 'first' });
    const error = await rejectionOf(acquireWriterLock(layout, { command: 'second' }));
    expect(error.message).toContain(`process ${process.pid} on ${hostname()} (first`);
  });

  it('gives up after the time it was given', async () => {
    const layout = temporaryIndex();
    using _lock = await acquireWriterLock(layout, { command: 'first' });
    expect((await rejectionOf(acquireWriterLock(layout, { command: 'second', waitMs: 120 }))).code).toBe(
      'INDEX_LOCKED',
    );
  });

  it('stops waiting when it is asked to', async () => {
    const layout = temporaryIndex();
    using _lock = await acquireWriterLock(layout, { command: 'first' });
    const stop = new AbortController();
    const waiting = rejectionOf(acquireWriterLock(layout, { command: 'second', waitMs: 600_000, signal: stop.signal }));
    setTimeout(() => stop.abort(), 60);
    expect((await waiting).code).toBe('ABORTED');
  });

  it('does not trust a note that is not one', async () => {
    const layout = temporaryIndex();
    using _lock = await acquireWriterLock(layout, { command: 'first' });
    writeFileSync(layout.writer, '{"pid": "many"}');
    expect(readWriterNote(layout)).toBeUndefined();
    expect((await rejectionOf(acquireWriterLock(layout, { command: 'second' }))).message).toContain(
      'by another process;',
    );
  });

  it('waits and follows the first', async () => {
    const layout = temporaryIndex();
    const first = await acquireWriterLock(layout, { command: 'first' });
    const second = acquireWriterLock(layout, { command: 'second', waitMs: 60_000 });
    setTimeout(() => first.release(), 80);
    (await second).release();
    first.release();
    expect(existsSync(layout.writer)).toBe(false);
  });

  it('does not lose its lock to the first one, which releases twice', async () => {
    const layout = temporaryIndex();
    const first = await acquireWriterLock(layout, { command: 'first' });
    first.release();
    using _second = await acquireWriterLock(layout, { command: 'second' });
    first.release();
    expect(readWriterNote(layout)?.command).toBe('second');
    expect((await rejectionOf(acquireWriterLock(layout, { command: 'third' }))).code).toBe('INDEX_LOCKED');
  });

  it('finds no lock of a process that was killed', async () => {
    const layout = temporaryIndex();
    const child = await childHolding(layout);
    child.kill('SIGKILL');
    expect(await child.end).toBe('SIGKILL');
    using lock = await acquireWriterLock(layout, { command: 'next' });
    expect(readWriterNote(layout)).toMatchObject({ pid: process.pid, command: 'next' });
    expect(lock).toBeDefined();
  });
});
