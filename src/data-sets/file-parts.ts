// What is known of the files of a data set before they are read: their part, their class, their number.
import type { WalkedFile } from '../files/walk.ts';
import { classesOf, givenSplit } from './file-classes.ts';
import type { Opening } from './opening.ts';
import { splitByPath } from './split.ts';

export interface PlannedFile extends WalkedFile {
  readonly isTest: boolean;
  /** Place of its class; 0 when there are no classes. */
  readonly label: number;
}

export interface FilePlan {
  readonly files: readonly PlannedFile[];
  readonly labelNames: readonly string[] | undefined;
  /** Files at most in each part. */
  readonly capacities: readonly [train: number, test: number];
}

export function planFiles(found: readonly WalkedFile[], { seed, testShare, notices }: Opening): FilePlan {
  const classes = classesOf(found.map(({ path }) => path));
  if (classes?.notice !== undefined) notices.push(classes.notice);
  const kept = classes === undefined ? found : found.filter((_, file) => classes.ofFiles[file]! >= 0);
  const labels = classes?.ofFiles.filter((label) => label >= 0);
  const paths = kept.map(({ path }) => path);
  const given = givenSplit(paths);
  if (given !== undefined)
    notices.push('The folders of the data say which files are for training and which for testing.');
  const split = given ?? splitByPath(paths, seed, testShare);
  const files = kept.map((file, i) => ({ ...file, isTest: split[i] === 1, label: labels?.[i] ?? 0 }));
  const test = files.filter(({ isTest }) => isTest).length;
  return { files, labelNames: classes?.names, capacities: [files.length - test, test] };
}
