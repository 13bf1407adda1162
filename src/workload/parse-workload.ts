import { unknownColumns } from './check-access.ts'
import { checkRanges } from './check-ranges.ts'
import { crossCheck, toolless } from './cross-check.ts'
import { badAddress, type Environment, missingEnvironment } from './environment.ts'
import { explain } from './explain.ts'
import { fileSchema } from './file-schema.ts'
import { originsOf } from './origins.ts'
import { applyOverrides, type Override, type Written } from './overrides.ts'
import type { Traces } from './parse-distribution.ts'
import { type PlacedProblem, pathText, type Problem } from './problem.ts'
import { middleOf, rangesOf, withRangesAt } from './ranges.ts'
import { readYaml } from './read-yaml.ts'
import { resolve } from './resolve.ts'
import type { Conversations } from './say-schema.ts'
import type { FilesBeside } from './target-access.ts'
import type { Price, Range, Workload } from './workload.ts'

/** What a workload file may refer to, answered by whoever may read files and the environment. */
export interface ParseOptions {
  /** For messages only. */
  readonly file?: string
  /** Answers `${env:NAME}`. */
  readonly env?: Environment
  /** `--set path=value` and its like, applied before the check. */
  readonly overrides?: readonly Override[]
  /** The list price of `provider/model`. */
  readonly price?: (like: string) => Price | undefined
  /** Answers `trace(file column)`: milliseconds for durations. What it throws becomes a problem. */
  readonly traces?: Traces
  /** Answers `say: { file: conversations.jsonl }`. What it throws becomes a problem. */
  readonly conversations?: Conversations
  /** Reads the certificates and users that the target names. What it throws becomes a problem. */
  readonly files?: FilesBeside
}

/** A workload, or why there is none. */
export interface Parsed {
  /** Absent when any problem is an error. */
  readonly workload?: Workload
  /** Every mistake at once, in the order of the file. */
  readonly problems: readonly Problem[]
}

/** Reads and checks a workload file. Mistakes are answered, never thrown. */
export function parseWorkload(source: string, options: ParseOptions = {}): Parsed {
  const tree = readYaml(source)
  const { root: whole } = tree
  if (whole === undefined) return { problems: tree.problems }
  if (typeof whole !== 'object' || Array.isArray(whole)) {
    const message = 'the file is not a map of fields'
    const hint = 'it begins like name: customer support'
    return { problems: [...tree.problems, tree.place({ code: 'wrong_type', message, hint, path: [] })] }
  }
  const { written, problems: unwritten } = applyOverrides(whole as object, options.overrides ?? [])
  const overridden = written.map(({ path }) => path)
  const located = (problem: PlacedProblem): Problem => asOverride(tree.place(problem), written)
  const { traces, conversations, files } = options
  const schema = traces || conversations || files ? fileSchema(traces, conversations, files) : plainSchema
  const { ranges, problems: rangeProblems } = rangesOf(schema, whole)
  const root = withRangesAt(whole, ranges, middleOf(ranges))
  const checked = schema.safeParse(root)
  const environment = options.env ?? {}
  const { origins, problems: originProblems } = originsOf(schema, root, options.price, overridden)
  const check = (tree: unknown): PlacedProblem[] => [
    ...explain(schema, tree, schema.safeParse(tree).error?.issues ?? []),
    ...crossCheck(tree, options.price),
  ]
  const ofRanges = [...rangeProblems, ...checkRanges(whole, ranges, check)]
  const placed: PlacedProblem[] = [
    ...check(root).filter(({ path }) => !ofRanges.some((other) => pathText(other.path) === pathText(path))),
    ...ofRanges,
    ...badAddress(root),
    ...missingEnvironment(root, environment),
    ...unknownColumns(root, files),
    ...originProblems,
  ]
  const problems = [...tree.problems, ...placed.map(located), ...unwritten].sort(byPlace)
  if (!checked.success || problems.some(({ severity }) => severity === 'error')) return { problems }
  const workload = resolve(checked.data, origins, environment, options.price)
  const at = (shares: readonly number[]): Workload | undefined => {
    const { data } = schema.safeParse(withRangesAt(whole, ranges, shares))
    return data && resolve(data, origins, environment, options.price)
  }
  return {
    workload: ranges.length > 0 ? { ...workload, ranges: { inputs: ranges.map(asRange), at } } : workload,
    problems: [...problems, ...toolless(workload).map(located)].sort(byPlace),
  }
}

const asRange = ({ path, text, low, middle, high }: Range): Range => ({ path, text, low, middle, high })

const plainSchema = fileSchema()

const byPlace = (a: Problem, b: Problem): number =>
  (a.line ?? Infinity) - (b.line ?? Infinity) || (a.column ?? 0) - (b.column ?? 0) || 0

/** What an override wrote has no line in the file. */
function asOverride(problem: Problem, written: readonly Written[]): Problem {
  const isUnknown = problem.code === 'unknown_key'
  const mine = written.findLast(
    ({ path }) =>
      problem.path === path ||
      isBelow(problem.path, path) ||
      // Whoever writes below a key that there is not has written the key.
      (isUnknown && isBelow(path, problem.path)),
  )
  if (!mine) return problem
  const { line: _line, column: _column, ...rest } = problem
  // A key that the top of the file does not have is told without a place.
  const place = isUnknown && !/[.[]/.test(problem.path) ? `${mine.path}: ` : ''
  return { ...rest, message: `${mine.flag} ${place}${problem.message}` }
}

const isBelow = (path: string, above: string): boolean =>
  path.startsWith(above) && /^[.[]/.test(path.slice(above.length))
