// What a killed process leaves in an index.
import { UNFINISHED } from '../atomic-file.ts';

/** Whether a file or folder of an index is half-written: of a process that works, or that was killed. */
export function isUnfinished(name: string): boolean {
  return name.endsWith(UNFINISHED) || name.includes(`${UNFINISHED}-`) || NEW_NOTE.test(name);
}

/** See writer-lock.ts. */
const NEW_NOTE = /^(writer|watcher)\.json\.new$/;
