import type { PeopleNeed } from '../../result/people-need.ts'
import type { HandOff } from '../../workload/phone.ts'
import { erlangA, erlangAAnswered, erlangAServers } from '../formulas/erlang-a.ts'
import { erlangC, erlangCServers } from '../formulas/erlang-c.ts'
import { hourMs, minuteMs } from '../../workload/units.ts'

/**
 * People for what the agent hands over, `offeredPerMinute` conversations of which the share goes to them: the fewest that
 * answer as many in time. Erlang A where users give up waiting, else Erlang C; one person who holds several chats counts
 * as so many servers. Palm (1946), Erlang (1917).
 */
export function peopleNeeded(from: string, offeredPerMinute: number, handOff: HandOff): PeopleNeed {
  const { share, talk, patience, withinMs, answered: target, atOnce } = handOff
  const perMs = (offeredPerMinute * share) / minuteMs
  const told = {
    from,
    perHour: perMs * hourMs,
    talkMs: talk.mean,
    ...(patience ? { patienceMs: patience.mean } : {}),
    withinMs,
    target,
    atOnce,
  }
  if (perMs <= 0) return { ...told, answered: 1, givesUp: 0, people: 0 }
  // Nobody answers everybody at once: without patience no target of 100 % is ever reached.
  const wanted = Math.min(target, 0.9999)
  if (!patience) {
    const least = erlangCServers(perMs, talk.mean, wanted, withinMs)
    const people = Math.ceil(least / atOnce)
    const answered = 1 - erlangC(people * atOnce, perMs, talk.mean).beyond(withinMs)
    return { ...told, answered, givesUp: 0, people }
  }
  const people = Math.ceil(erlangAServers(perMs, talk.mean, patience.mean, wanted, withinMs) / atOnce)
  const places = people * atOnce
  return {
    ...told,
    answered: erlangAAnswered(places, perMs, talk.mean, patience.mean, withinMs),
    givesUp: erlangA(places, perMs, talk.mean, patience.mean).abandoned,
    people,
  }
}
