import type { Capacity } from '../result/capacity.ts'
import type { Summary } from '../result/summary.ts'

/** The next step of who has measurements that are not valid because the generator did not keep up; none otherwise. */
export function howToKeepUp(summaries: readonly Summary[], speed: number): string[] {
  const late = summaries.find(({ generator }) => generator?.valid === false)
  if (!late) return []
  const fewer = `${speed > 1 ? 'a lower --speed, ' : ''}fewer ${late.phone ? 'calls' : 'users'}`
  return [
    `not valid means that this machine did not keep up: try again with ${fewer}, or nothing else running`,
  ]
}

/** The same of searches whose answer must not be used; none where that is because their trials were short. */
export function howSearchesKeepUp(capacities: readonly Capacity[], speed: number): string[] {
  const doubted = capacities.filter(({ invalid }) => invalid !== undefined)
  return howToKeepUp(
    doubted.flatMap(({ probes }) => probes.map(({ summary }) => summary)),
    speed,
  )
}
