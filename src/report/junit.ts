import { formatCount, formatShare } from '../result/figure-text.ts'
import type { Run } from '../result/run.ts'
import { atOnceLoadText, countText, loadUnit } from '../result/load-words.ts'
import { levelValue } from '../workload/level.ts'
import { type Answer, capacityAnswers, invalidReasons, levelAnswers } from './answers.ts'
import { clean } from './clean.ts'
import { objectiveExceeded, objectiveValue } from './objective-lines.ts'
import type { Reporter } from './reporter.ts'

interface Case {
  readonly name: string
  readonly failure?: string
  readonly error?: string
  readonly skipped?: string
  readonly output?: string
}

/**
 * The run as JUnit XML: each engine a suite, each objective a test. A missed one fails, an undecided one is skipped,
 * and an answer that must not be used is an error.
 */
export const junit: Reporter = (dirty) => {
  const run = clean(dirty)
  const suites = (run.capacities.length > 0 ? capacityAnswers(run) : levelAnswers(run)).map((answer) => ({
    name: `${run.workload.name}: ${answer.origin}`,
    cases: casesOf(run, answer),
  }))
  const all = suites.flatMap(({ cases }) => cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="plimsoll ${run.version}" ${totals(all)}>`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name="${escape(name)}" timestamp="${escape(run.startedAt)}" ${totals(cases)}>`,
      ...cases.map((each) => testcase(name, each)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function casesOf(run: Run, answer: Answer): Case[] {
  const reasons = invalidReasons(answer)
  const { capacity, summary } = answer
  return [
    ...(run.interrupted
      ? [{ name: 'the run was not interrupted', error: 'it covers only the time until then' }]
      : []),
    ...(answer.origin === 'measured'
      ? [{ name: 'the answer is valid', ...(reasons.length > 0 ? { error: reasons.join('; ') } : {}) }]
      : []),
    ...(run.against?.gate ? [gateCase(run.against)] : []),
    ...(capacity ? [capacityCase(capacity)] : [...canaryCases(summary), ...objectiveCases(summary)]),
  ]
}

/** Failures of their own kind, whatever share of errors an objective allows. */
function canaryCases(summary: Answer['summary']): Case[] {
  if (!summary?.canaries) return []
  const { turns, crossSession, lostHistory } = summary.canaries
  const of = `of ${formatCount(turns)} turns`
  const judged = (name: string, count: number): Case =>
    count > 0 ? { name, failure: `${formatCount(count)} ${of}` } : { name, output: `none ${of}` }
  return [
    judged('no turn holds words of another session (cross_session)', crossSession),
    judged('no turn has lost what its session said before (lost_history)', lostHistory),
  ]
}

function gateCase({ gate, difference, capacity }: NonNullable<Run['against']>): Case {
  const name = `B carries no fewer than A by more than ${formatShare(gate!.share)}`
  const output = `${difference < 0 ? '−' : '+'}${countText(capacity, Math.abs(difference))} ${loadUnit(capacity)}`
  return gate!.regressed ? { name, failure: output } : { name, output }
}

function capacityCase(capacity: NonNullable<Answer['capacity']>): Case {
  const text = atOnceLoadText(capacity)
  const name = 'a load at which every objective holds'
  if (!(levelValue(capacity.level) > 0)) return { name, failure: 'an objective is missed at any load' }
  return { name, output: capacity.unbounded ? `${text} or more` : text }
}

function objectiveCases(summary: Answer['summary']): Case[] {
  return (summary?.objectives ?? []).map((objective) => {
    const told = [objectiveValue(objective), objectiveExceeded(objective)].filter(Boolean).join('; ')
    const { text: name, pass } = objective
    if (pass === 'undecided') return { name, skipped: `undecided: ${told}` }
    return pass ? { name, output: told } : { name, failure: told }
  })
}

function testcase(suite: string, { name, failure, error, skipped, output }: Case): string {
  const head = `    <testcase classname="${escape(suite)}" name="${escape(name)}"`
  if (failure !== undefined) return `${head}><failure message="${escape(failure)}"/></testcase>`
  if (error !== undefined) return `${head}><error message="${escape(error)}"/></testcase>`
  if (skipped !== undefined) return `${head}><skipped message="${escape(skipped)}"/></testcase>`
  return output === undefined ? `${head}/>` : `${head}><system-out>${escape(output)}</system-out></testcase>`
}

function totals(cases: readonly Case[]): string {
  const count = (what: 'failure' | 'error' | 'skipped'): number =>
    cases.filter((each) => each[what] !== undefined).length
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
}
