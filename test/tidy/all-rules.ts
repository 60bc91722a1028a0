/**
 * The house rules, one file each.
 */
import type { Rule } from "./rule.ts";
import { datedDecisions } from "./rules/dated-decisions.ts";
import { exactVersions } from "./rules/exact-versions.ts";
import { exportLists } from "./rules/export-lists.ts";
import { fileLength } from "./rules/file-length.ts";
import { foreignWords } from "./rules/foreign-words.ts";
import { functionLength } from "./rules/function-length.ts";
import { httpStatus } from "./rules/http-status.ts";
import { insideTheProject } from "./rules/inside-the-project.ts";
import { kebabCase } from "./rules/kebab-case.ts";
import { knownFolders } from "./rules/known-folders.ts";
import { lineLength } from "./rules/line-length.ts";
import { lockWithoutPlaces } from "./rules/lock-without-places.ts";
import { opensWithComment } from "./rules/opens-with-comment.ts";
import { ownTime } from "./rules/own-time.ts";
import { printingPlaces } from "./rules/printing-places.ts";
import { processEnv } from "./rules/process-env.ts";
import { reasonedDependencies } from "./rules/reasoned-dependencies.ts";
import { reasonedSuppressions } from "./rules/reasoned-suppressions.ts";
import { testsAllRun } from "./rules/tests-all-run.ts";
import { unfinishedWork } from "./rules/unfinished-work.ts";
import { vagueNames } from "./rules/vague-names.ts";

export const allRules: readonly Rule[] = [
  datedDecisions,
  exactVersions,
  exportLists,
  fileLength,
  foreignWords,
  functionLength,
  httpStatus,
  insideTheProject,
  kebabCase,
  knownFolders,
  lineLength,
  lockWithoutPlaces,
  opensWithComment,
  ownTime,
  printingPlaces,
  processEnv,
  reasonedDependencies,
  reasonedSuppressions,
  testsAllRun,
  unfinishedWork,
  vagueNames,
];
