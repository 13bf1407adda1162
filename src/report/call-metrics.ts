import { phoneEndings } from '../result/phone-records.ts'
import type { PhoneSummary } from '../result/phone-summary.ts'
import type { Metric } from './metrics.ts'

/** What machines are told of calls by telephone. */
export function callMetrics(phone: PhoneSummary | undefined, labels: Metric['labels']): Metric[] {
  if (!phone) return []
  const { calls, active, bargeInMs, gaps, frames, satisfaction, integrationTimeouts } = phone
  const one = (name: string, help: string, value: number | undefined, unit: Metric['unit'] = '1'): Metric[] =>
    value === undefined ? [] : [{ name, help, unit, labels, value }]
  return [
    ...phoneEndings.map((ending): Metric => ({
      name: 'phone_calls',
      help: 'Calls by telephone, by how they ended.',
      unit: '1',
      labels: { ...labels, ending },
      value: calls[ending],
    })),
    ...one('phone_calls_rejected', 'Blocked calls that the agent rejected.', calls.blockedByAgent),
    ...one('phone_calls_per_second', 'Calls that ended a second.', calls.perSecond, '1/s'),
    ...one('phone_calls_active', 'Calls that held a channel, on average.', active.mean),
    ...one('phone_calls_active_max', 'Calls that held a channel at once, at most.', active.max),
    ...one('phone_barge_in_p95', 'Time to stop on barge-in.', inSeconds(bargeInMs?.p95), 's'),
    ...one('phone_gaps', 'Holes in the sound of answers.', gaps.count),
    ...one('phone_integration_timeout_share', 'Calls in which a tool was given up.', integrationTimeouts),
    ...one('phone_satisfaction', 'A proxy of answers, holes and endings.', satisfaction?.score),
    ...one('phone_frame_lateness_p99', 'How late frames left.', inSeconds(frames?.latenessP99Ms), 's'),
  ]
}

const inSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000)
