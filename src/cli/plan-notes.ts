import { planReport } from '../plan/plan-report.ts'
import type { Capacity } from '../result/capacity.ts'
import type { Workload } from '../workload/workload.ts'

/** The field's rule of thumb beside the exact answer and why they differ, and what one turn means behind the agent. */
export function planNotes(workload: Workload, solved: Capacity): string[] {
  const report = planReport(workload, solved)
  const { rule } = report
  const notes: string[] = []
  if (rule.users !== undefined) {
    const registered =
      rule.registeredUsers === undefined ? '' : `, about ${whole(rule.registeredUsers)} registered`
    const sum = `${rule.workers} workers × ${seconds(rule.thinkMs)} think ÷ ${seconds(rule.processingMs)} processing`
    notes.push(
      `rule of thumb: ${sum} = ${whole(rule.users)} users${registered}; solved: ${whole(report.exactUsers)}. ${report.why}`,
    )
  } else notes.push(report.why)
  if (report.registeredUsers !== undefined)
    notes.push(
      `${whole(report.exactUsers)} concurrent users stand for about ${whole(report.registeredUsers)} registered; if they are the average, provision for ${whole(report.provisionForPeak)} at peak.`,
    )
  notes.push(
    `a turn makes ${report.depth.mean.toFixed(1)} model calls (p95 ${report.depth.p95}): by Little's law ${whole(report.callsInFlight)} calls in flight at the capacity, where one call a turn would plan ${whole(report.oneCallInFlight)}.`,
  )
  return notes
}

const whole = (value: number): string => Math.round(value).toLocaleString('en')

const seconds = (ms: number): string => `${Number((ms / 1000).toPrecision(3))} s`
