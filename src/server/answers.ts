// Errors as HTTP has them: `{ "error": { "code", "message" } }`, and nothing of this machine beside.
import type { FastifyError } from 'fastify';
import { ZodError, z } from 'zod';
import { type ErrorCode, SandglassError } from '../sandglass.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly body: { readonly error: { readonly code: string; readonly message: string } };
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  FILE_VANISHED: 404,
  OUTSIDE_ROOT: 403,
  KIND_UNSUPPORTED: 415,
  FILE_TOO_LARGE: 413,
  IMAGE_TOO_LARGE: 413,
  INDEX_MISSING: 503,
  INDEX_LOCKED: 503,
  INDEX_DAMAGED: 500,
};
/** Whatever else the library refuses: the request is well formed, but cannot be answered. */
const UNANSWERABLE = 422;

/** The library's errors keep their code; those of the request are REQUEST_INVALID; all others INTERNAL, without their words. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof SandglassError) return answer(STATUS[error.code] ?? UNANSWERABLE, error.code, error.message);
  if (error instanceof ZodError) return answer(400, 'REQUEST_INVALID', z.prettifyError(error));
  const status = (error as FastifyError).statusCode;
  if (status !== undefined && status >= 400 && status < 500)
    return answer(status, 'REQUEST_INVALID', (error as Error).message);
  return answer(500, 'INTERNAL', 'The server failed at this request; its own output says why.');
}

export function answer(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { error: { code, message } } };
}
