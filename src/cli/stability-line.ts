import { formatCount, formatPeople } from '../result/figure-text.ts'
import type { VerdictLine } from '../result/run.ts'
import type { Saturation, Summary } from '../result/summary.ts'

/** Whether a level can last: from which load on a service is full, and what then becomes of what comes too much. */
export function stabilityLine({ level, saturation, unstable }: Summary): VerdictLine[] {
  if (!saturation) return []
  const full = fullWords(saturation)
  if ('users' in level) {
    const from = `${formatPeople(Math.ceil(saturation.users))} users`
    if (level.users <= saturation.users)
      return [{ label: 'full from', text: `${from}, if nothing breaks before: then ${full}.` }]
    return [
      {
        label: 'full from',
        text: `${from}: then ${full}. More are never unstable, as each waits for an answer before the next message, but they wait the longer or are refused.`,
      },
    ]
  }
  const from = `${formatCount(saturation.sessionsPerSecond)} sessions/s`
  const asked = `${formatCount(level.sessionsPerSecond)} sessions/s`
  if (unstable)
    return [
      {
        label: '',
        text: `Unstable: ${asked} are more than is ever served, and the line grows without end. From ${from} on there is no steady state: ${full}.`,
      },
    ]
  if (level.sessionsPerSecond >= saturation.sessionsPerSecond)
    return [
      {
        label: '',
        text: `Overloaded: from ${from} on ${full}, and of ${asked} the rest is ${/ quota, /.test(saturation.service) ? 'refused' : 'turned away or given up'}.`,
      },
    ]
  return [{ label: '', text: `Stable up to ${from}: from there on ${full}.` }]
}

/** `model quota, tokens (450k tokens/min) is full`. */
function fullWords({ service, limit, unit }: Saturation): string {
  const size = limit === undefined || unit === undefined ? '' : ` (${formatCount(limit)} ${unit})`
  return `${service}${size} ${service === 'agent slots' ? 'are' : 'is'} full`
}
