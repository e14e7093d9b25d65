// The public entry: named re-exports only.
export type { AtCutoffs, CurvePoint, Interval } from './compare/figures.ts';
export type { CompareProgress } from './compare/outcome.ts';
export type { ComparisonReport, GroupFigures, KindFigures, MethodReport } from './compare/report.ts';
export type { Verdict } from './compare/verdict.ts';
export type { DataSetFailure, DataSetKind } from './data-sets/data-set.ts';
export type { PictureEvidence } from './duplicates/confirm-pictures.ts';
export type { TextEvidence } from './duplicates/confirm-texts.ts';
export { PREFERENCES, type Preference } from './duplicates/keeper.ts';
export type { DuplicatePlan } from './duplicates/plan.ts';
export type { PlaneMap } from './duplicates/plane-map.ts';
export { type PictureRelation, RELATIONS, type Relation, type TextRelation } from './duplicates/relation.ts';
export { RELATION_WORDS } from './duplicates/relation-words.ts';
export type { EncoderOptions } from './encoders/import-folder.ts';
export type { SentenceOptions } from './encoders/import-sentence.ts';
export type { PictureFrame } from './encoders/picture-input.ts';
export type { PictureOptions } from './encoders/picture-settings.ts';
export { ERROR_CODES, type ErrorCode, SandglassError, type SandglassErrorOptions } from './errors.ts';
export type { Kind } from './features/feature.ts';
export type { DecisionVerdict } from './index/decisions.ts';
export type { CodeForm, EncoderState } from './index/encoder-table.ts';
export { INDEX_DIRECTORY } from './index/layout.ts';
export { lab } from './lab/lab.ts';
export type { LabEvent, LabOptions, LabSummary } from './lab/lab-events.ts';
export { recipes, train } from './lab/train.ts';
export type { StageSummary, TrainEvent, TrainOptions, TrainSummary } from './lab/train-events.ts';
export type { AddOptions, AddProgress, AddSummary } from './library/add-progress.ts';
export type { AppliedPlan, ApplyOptions } from './library/apply-plan.ts';
export type { BackupOptions, BackupSummary } from './library/backup.ts';
export type { CodePrecision } from './library/code-precision.ts';
export type { CollectedGarbage, GarbageOptions } from './library/collect-garbage.ts';
export type { CompareOptions, Comparison } from './library/compare.ts';
export type { DecisionDescription } from './library/decide.ts';
export type { DefaultMethod } from './library/default-method.ts';
export type { EncoderDescription } from './library/describe-encoders.ts';
export { type Check, cudaChecks, type Diagnosis, diagnose } from './library/doctor.ts';
export type { Drift, DriftFigures } from './library/drift.ts';
export { type PlanOptions, saveDuplicatePlan } from './library/duplicate-plan.ts';
export type { SheetOptions } from './library/duplicate-sheet.ts';
export type {
  DuplicateCalibration,
  DuplicateFile,
  DuplicateGroup,
  DuplicatePair,
  Duplicates,
  DuplicatesOptions,
  DuplicatesProgress,
  GroupMember,
} from './library/duplicates-result.ts';
export type { ExplainedWord, Explanation } from './library/explain.ts';
export type { ExportOptions, ExportSummary } from './library/export.ts';
export type { ForgetOptions, Forgotten } from './library/forget.ts';
export type { FramesKept } from './library/frames.ts';
export type { HitPassage, TextSpan } from './library/hit-passages.ts';
export type { ImportedIndex, ImportIndexOptions } from './library/import-export.ts';
export type { ImportOptions, ImportProgress, ImportSummary } from './library/imported-encoders.ts';
export type { IndexedFolder, ItemDescription } from './library/item.ts';
export type { ItemFilter } from './library/item-filter.ts';
export { findIndex, locateIndex, userConfigDirectory } from './library/places.ts';
export type { Hit, QueryOptions, QueryResult } from './library/query.ts';
export type { QueryInput } from './library/query-feature.ts';
export type { ManyAnswer } from './library/query-many.ts';
export type { PairScore, SimilarityResult } from './library/similarity.ts';
export type { ComparedCodes, EncoderStatus, Failure, Status } from './library/status.ts';
export type { Cluster, CodeDimension, TopicExample, Topics, TopicsOptions } from './library/topics.ts';
export type { RunDescription, UndoneRun } from './library/undo-run.ts';
export {
  FAULTS,
  type Fault,
  type Verification,
  type VerifyNote,
  type VerifyOptions,
  type VerifyProblem,
  type VerifyRepair,
} from './library/verification.ts';
export type { WatchBatch, WatchEvent, WatchedFolder, WatchOptions } from './library/watch-events.ts';
export {
  importIndex,
  type OpenOptions,
  open,
  type Sandglass,
  type SimilarityOptions,
  similarity,
  verify,
} from './library.ts';
export { type CudaInstallation, type CudaInstallOptions, installCuda, removeCuda } from './runtime/cuda-install.ts';
export type { CudaNeed, DriverState } from './runtime/cuda-needs.ts';
export { type CudaState, inspectCuda } from './runtime/cuda-state.ts';
export { type Device, demandDevice } from './runtime/onnx-session.ts';
export type { SharedWord } from './text/explain.ts';
export type { Recipe, RecipeInput } from './training/network/recipe.ts';
export type { TextQuality } from './training/recipes/text.ts';
