import { formatProblems } from './format-problems.ts'
import { parseWorkload, type ParseOptions } from './parse-workload.ts'
import type { Workload } from './workload.ts'

export const price = {
  inputPerMillionUsd: 0.4,
  cachedPerMillionUsd: 0.1,
  outputPerMillionUsd: 1.6,
  source: 'a test',
}

/** The workload of a file that has no mistake. */
export function read(source: string, options: ParseOptions = {}): Workload {
  const { workload, problems } = parseWorkload(source, options)
  if (!workload) throw new Error(formatProblems(problems, 'test.yaml'))
  return workload
}

/** What is wrong with a file, as it is printed. */
export const told = (source: string, options: ParseOptions = {}): string =>
  formatProblems(parseWorkload(source, options).problems, 'f.yaml')
