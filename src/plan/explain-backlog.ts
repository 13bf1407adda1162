import type { BacklogPlan } from '../result/backlog-plan.ts'
import type { Derivation } from '../result/derivation.ts'
import { input } from './explain-figures.ts'
import { sources } from './explain-sources.ts'

/** How each number of work that waits came about. */
export function backlogDerivations(plan: BacklogPlan): Derivation[] {
  const { items, withinMs, neededPerHour, perHour, inWork, finishMs, servers, quotas, costUsd } = plan
  const pace = { source: 'backlog of the file', exact: true }
  const solved = { source: `${sources.closedStation.text}, without think time`, exact: false }
  const asked = [...input('items', items, 'items'), ...input('within', withinMs, 'ms')]
  return [
    {
      ...pace,
      figure: 'backlog, needed an hour',
      formula: 'items ÷ hours, rounded up where it is told',
      inputs: [
        ...asked,
        ...input('rounded up', Math.ceil(neededPerHour), 'an hour'),
        ...input('as arrivals', Number((neededPerHour / 3600).toPrecision(3)), 'sessions/s'),
      ],
      result: neededPerHour,
      unit: 'an hour',
    },
    {
      ...solved,
      figure: 'backlog, done an hour',
      formula: 'turns/s at the load to run at × 3600 ÷ turns of a session, rounded down where it is told',
      inputs: [
        ...input('in work at once', inWork, 'items'),
        ...input('rounded down', Math.floor(perHour), 'an hour'),
      ],
      result: perHour,
      unit: 'an hour',
    },
    ...(finishMs === undefined
      ? []
      : [
          {
            ...solved,
            figure: 'backlog, all done after',
            formula: 'items ÷ done an hour',
            inputs: [...asked, ...input('too late by', Math.max(0, finishMs - withinMs), 'ms')],
            result: finishMs,
            unit: 'ms',
          },
        ]),
    ...(servers === undefined
      ? []
      : [
          {
            ...solved,
            figure: 'backlog, servers',
            formula: 'needed an hour ÷ what one server does in an hour with quota enough, rounded up',
            inputs: input('needed', neededPerHour, 'an hour'),
            result: servers,
            unit: 'servers',
          },
        ]),
    ...quotas.map(({ name, needed, limit, unit }) => ({
      ...solved,
      figure: `backlog, ${name}`,
      formula: 'asked for at the load to run at × needed an hour ÷ done an hour ÷ headroom',
      inputs: input('the file has', limit, unit),
      result: needed,
      unit,
    })),
    ...(costUsd === undefined
      ? []
      : [
          {
            ...pace,
            figure: 'backlog, tokens',
            formula: 'items × turns of a session × cost/turn',
            inputs: input('items', items, 'items'),
            result: costUsd,
            unit: 'USD',
          },
        ]),
  ]
}
