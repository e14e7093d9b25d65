// The public entry: named re-exports only.
export type { ComparisonReport, GroupFigures, KindFigures, MethodReport } from './compare/report.ts';
export type { Verdict } from './compare/verdict.ts';
export { ERROR_CODES, type ErrorCode, SandglassError, type SandglassErrorOptions } from './errors.ts';
export type { Kind } from './features/feature.ts';
export { INDEX_DIRECTORY } from './index/layout.ts';
export type { CompareOptions, Comparison } from './library/compare.ts';
export type { DefaultMethod } from './library/default-method.ts';
export { type Check, type Diagnosis, diagnose } from './library/doctor.ts';
export type { Explanation } from './library/explain.ts';
export type { AddOptions, AddProgress, AddSummary } from './library/indexing.ts';
export { findIndex, userConfigDirectory } from './library/places.ts';
export type { Hit, QueryOptions, QueryResult } from './library/query.ts';
export type { QueryInput } from './library/query-feature.ts';
export type { PairScore, SimilarityResult } from './library/similarity.ts';
export type { EncoderStatus, Failure, Status } from './library/status.ts';
export { type OpenOptions, open, type Sandglass, type SimilarityOptions, similarity } from './library.ts';
export type { Device } from './runtime/onnx-session.ts';
