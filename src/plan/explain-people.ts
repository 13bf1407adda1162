import type { Derivation } from '../result/derivation.ts'
import type { PeopleNeed } from '../result/people-need.ts'
import { input } from './explain-figures.ts'
import { sources } from './explain-sources.ts'

/** People for what the agent hands over. */
export function peopleDerivations(need: PeopleNeed): Derivation[] {
  const { from, perHour, talkMs, patienceMs, withinMs, target, answered, givesUp, atOnce, people } = need
  const exact = patienceMs === undefined
  const source = (exact ? sources.erlangC : sources.erlangA).text
  const asked = [
    ...input('hand-overs', perHour, 'an hour'),
    ...input('talk', talkMs, 'ms'),
    ...input('patience', patienceMs, 'ms'),
    ...input('within', withinMs, 'ms'),
    ...input('at once for each', atOnce, 'conversations'),
  ]
  const line = (figure: string, formula: string, result: number, unit: string): Derivation => ({
    figure: `${figure}, ${from}`,
    formula,
    inputs: [
      ...asked,
      ...(figure === 'people' ? input('wanted', target, 'share') : input('people', people, 'people')),
    ],
    result,
    unit,
    source,
    exact: true,
  })
  const law = exact ? 'Erlang C' : 'Erlang A'
  return [
    line('people', `the fewest with whom ${law} answers the wanted share in time`, people, 'people'),
    line('answered in time', `${law}: share whose wait ends in time`, answered, 'share'),
    ...(exact ? [] : [line('give up', `${law}: share whose patience ends first`, givesUp, 'share')]),
  ]
}
