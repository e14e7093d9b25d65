// The exit codes of the command, as grep has them.

export const EXIT = {
  /** Hits; alike; done. */
  ok: 0,
  /** No hit; not alike. */
  none: 1,
  /** An error, even where some hits were printed. */
  error: 2,
  /** Interrupted (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
