import { formatCount, formatMs, formatPeople, formatShare } from './figure-text.ts'
import type { PeopleNeed } from './people-need.ts'

/** `34 people for 480 hand-overs an hour of 4 min: 81 % are answered within 20 s (80 % wanted), 2 % give up`. */
export function peopleText(need: PeopleNeed): string {
  const { people, perHour, talkMs, withinMs, target, answered, givesUp, patienceMs, atOnce } = need
  const each = atOnce === 1 ? '' : `, ${atOnce} at once for each`
  const leave =
    patienceMs === undefined
      ? ''
      : `; ${formatShare(givesUp)} give up, with a patience of ${formatMs(patienceMs)}`
  return `${people === 1 ? '1 person' : `${formatPeople(people)} people`} for ${formatCount(Math.round(perHour))} hand-overs an hour of ${formatMs(talkMs)}${each}: ${formatShare(answered)} are answered within ${formatMs(withinMs)} (${formatShare(target)} wanted)${leave}`
}
