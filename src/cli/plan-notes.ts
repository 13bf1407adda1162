import { planReport } from '../plan/plan-report.ts'
import type { Capacity } from '../result/capacity.ts'
import { formatPeople } from '../result/figure-text.ts'
import type { Workload } from '../workload/workload.ts'

/** The field's rule of thumb beside the exact answer and why they differ, and whom the users stand for. */
export function planNotes(workload: Workload, solved: Capacity): string[] {
  const report = planReport(workload, solved)
  return [...ruleNote(report, solved), ...registeredNote(report, solved)]
}

type Report = ReturnType<typeof planReport>

/** Users are what the rule counts: of open load it says nothing. */
function ruleNote({ rule, exactUsers, why }: Report, { level }: Capacity): string[] {
  if (!('users' in level)) return []
  if (rule.users === undefined) return [why]
  // Work that waits has no think time, and nothing that the rule could count.
  if (rule.thinkMs === 0) return []
  const registered =
    rule.registeredUsers === undefined ? '' : `, about ${formatPeople(rule.registeredUsers)} registered`
  const sum = `${rule.workers} workers × ${seconds(rule.thinkMs)} think ÷ ${seconds(rule.processingMs)} processing`
  return [
    `rule of thumb: ${sum} = ${formatPeople(rule.users)} users${registered}; solved: ${formatPeople(exactUsers)}. ${why}`,
  ]
}

function registeredNote(report: Report, { unbounded }: Capacity): string[] {
  const { registeredUsers, exactUsers, provisionForPeak } = report
  if (registeredUsers === undefined || exactUsers <= 0 || unbounded) return []
  const peak =
    provisionForPeak > exactUsers
      ? `; if they are the average, provision for ${formatPeople(provisionForPeak)} at peak`
      : ''
  return [
    `${formatPeople(exactUsers)} concurrent users stand for about ${formatPeople(registeredUsers)} registered${peak}.`,
  ]
}

const seconds = (ms: number): string => `${Number((ms / 1000).toPrecision(3))} s`
