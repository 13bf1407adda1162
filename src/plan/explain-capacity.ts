import type { Advice, Capacity } from '../result/capacity.ts'
import type { Derivation } from '../result/derivation.ts'
import { type Level, levelText, levelValue } from '../workload/level.ts'
import { input, type Solution } from './explain-figures.ts'
import { plan } from './plan-level.ts'
import { provisionForPeak, registeredUsersFor } from './rule-of-thumb.ts'

/** A capacity and the headroom that its load to run at leaves. */
export interface Found {
  readonly capacity: Capacity
  readonly headroom: number
  /** The level is one that was asked for, not the capacity's own. */
  readonly asked?: boolean
}

const search = 'Dowell, Jarratt, A modified regula falsi method, BIT 11 (1971)'
const perturbed = `the file with the change, solved like itself: ${search}`

/** The capacity itself, what stands behind its first limit, what would help and what it hangs on. */
export function capacityDerivations(solution: Solution, found: Found): Derivation[] {
  const { advice, tried } = found.capacity
  return [
    searched(solution, found.capacity),
    runAt(solution, found),
    ...registered(solution, found.capacity),
    ...pastIt(solution, found.capacity),
    ...behind(solution, found.capacity),
    ...[...(advice ?? []), ...(tried ?? [])].flatMap((each) => helps(solution, found.capacity, each)),
    ...hangsOn(solution, found.capacity),
    ...ranges(solution, found.capacity),
  ]
}

function searched({ workload, demand, exact }: Solution, capacity: Capacity): Derivation {
  const users = levelValue(capacity.level)
  const valuesAt = (level: Level) =>
    plan(workload, level, demand).objectives.flatMap(({ text, value }, i) =>
      input(
        `${text}, at ${levelText(level)}`,
        value,
        workload.objectives[i]!.metric === 'errors' ? 'share' : 'ms',
      ),
    )
  return {
    figure: 'users',
    formula: capacity.unbounded
      ? 'the most that was tried; every objective held'
      : 'the most users at which every objective holds, by false position (Illinois) between a load that holds and one that fails',
    inputs: [
      ...(users > 0 ? valuesAt({ users }) : []),
      ...(capacity.unbounded ? [] : valuesAt({ users: users + 1 })),
    ],
    result: users,
    unit: 'users',
    source: search,
    exact,
  }
}

function runAt({ exact }: Solution, { capacity, headroom }: Found): Derivation {
  const users = levelValue(capacity.level)
  return {
    figure: 'run at',
    formula: 'users × headroom, rounded down',
    inputs: [...input('users', users, 'users'), ...input('headroom', headroom, 'share')],
    result: Math.floor(users * headroom),
    unit: 'users',
    source: '--headroom',
    exact,
  }
}

function registered({ workload, exact }: Solution, { level }: Capacity): Derivation[] {
  const users = levelValue(level)
  const { concurrencyRatio, peakToAverage } = workload.users.peak
  const people = registeredUsersFor(workload, users)
  const stands: Derivation[] =
    people === undefined
      ? []
      : [
          {
            figure: 'registered users',
            formula: 'users ÷ concurrency ratio, rounded',
            inputs: [
              ...input('users', users, 'users'),
              ...input('concurrency ratio', concurrencyRatio, 'share'),
            ],
            result: people,
            unit: 'people',
            source: 'users.peak.concurrencyRatio of the file',
            exact,
          },
        ]
  if (peakToAverage === undefined || users <= 0) return stands
  return [
    ...stands,
    {
      figure: 'to provision at peak',
      formula: 'users × peak to average, rounded up: were they the average',
      inputs: [...input('users', users, 'users'), ...input('peak to average', peakToAverage, 'times')],
      result: provisionForPeak(workload, users),
      unit: 'users',
      source: 'users.peak.peakToAverage of the file',
      exact,
    },
  ]
}

/** What the verdict tells of the first load past the capacity. */
function pastIt({ exact }: Solution, { probes, level }: Capacity): Derivation[] {
  const past = probes.find((probe) => probe.pass === false && levelValue(probe.level) > levelValue(level))
  if (!past) return []
  const { errors, latency, turnTime = [] } = past.summary
  return [
    {
      figure: `errors at ${levelText(past.level)}`,
      formula: 'as errors, at the first load of the chart past the capacity',
      inputs: [
        ...input('load', levelValue(past.level), 'users'),
        ...input('turn p95 there', latency.turnMs?.p95, 'ms'),
        ...turnTime.flatMap(({ part, meanMs }) => input(`mean of ${part} in a turn`, meanMs, 'ms')),
        ...Object.entries(errors?.byKind ?? {}).flatMap(([kind, share]) => input(kind, share, 'share')),
      ],
      result: errors?.rate ?? 0,
      unit: 'share',
      source: 'the same state at that load',
      exact,
    },
  ]
}

function behind({ exact }: Solution, { level, bottleneck, next, serverAlone }: Capacity): Derivation[] {
  const users = input('users', levelValue(level), 'users')
  const of = (figure: string, formula: string, result: number): Derivation => ({
    figure,
    formula,
    inputs: [
      ...users,
      ...(bottleneck ? input(`limit of ${bottleneck.service}`, bottleneck.limit, bottleneck.unit) : []),
    ],
    result,
    unit: 'users',
    source: perturbed,
    exact,
  })
  return [
    ...(next
      ? [
          of(
            'users, the first limit lifted',
            `the capacity with ${bottleneck?.service ?? 'it'} without a limit; ${next.service} is full then`,
            next.users,
          ),
        ]
      : []),
    ...(serverAlone && !serverAlone.unbounded
      ? [
          of(
            'users of a server alone',
            'the capacity with the quotas of the providers lifted, which all servers share',
            serverAlone.users,
          ),
        ]
      : []),
  ]
}

/** Users gained by a change, and the dollars where prices are known. */
function helps({ exact }: Solution, { level }: Capacity, advice: Advice): Derivation[] {
  const { text, change, users, usersGained, perMonthUsd, perUserUsd } = advice
  const base = { source: perturbed, exact }
  const inputs = [
    ...input(`users with ${change.field} ${change.to} instead of ${change.from}`, users, 'users'),
    ...input('users', levelValue(level), 'users'),
  ]
  return [
    {
      ...base,
      figure: `gain: ${text}`,
      formula: 'users with the change − users',
      inputs,
      result: usersGained,
      unit: 'users',
    },
    ...(perMonthUsd === undefined
      ? []
      : [
          {
            ...base,
            figure: `bill: ${text}`,
            formula: "the month's bill with the change − without, at the load to run at",
            inputs: input('for each user gained', perUserUsd, 'USD a month'),
            result: perMonthUsd,
            unit: 'USD a month',
          },
        ]),
  ]
}

function hangsOn({ exact }: Solution, { level, sensitivity = [] }: Capacity): Derivation[] {
  return sensitivity.map(({ field, origin, elasticity }) => ({
    figure: `hangs on ${field}`,
    formula:
      'elasticity: ln(users with 10 % more of it ÷ users with 10 % less) ÷ ln(1.1 ÷ 0.9); a tenth more multiplies the users by 1.1 to that power',
    inputs: [
      ...input(`a tenth more (${origin})`, 1.1 ** elasticity - 1, 'of the users'),
      ...input('users', levelValue(level), 'users'),
      ...input('users moved', (1.1 ** elasticity - 1) * levelValue(level), 'users'),
    ],
    result: elasticity,
    unit: 'times',
    source: perturbed,
    exact,
  }))
}

function ranges(_: Solution, { uncertainty }: Capacity): Derivation[] {
  if (!uncertainty) return []
  const { draws, covers, method, level, inputs, perTurnUsd, perMonthUsd } = uncertainty
  const spread = (figure: string, unit: string, of: typeof level | undefined): Derivation[] =>
    of === undefined
      ? []
      : (['low', 'high'] as const).map((end) => ({
          figure: `${figure}, ${end}`,
          formula: `the ${end} end of what ${covers} give, each draw taking every range at random`,
          inputs: [
            ...input('draws', draws, 'draws'),
            ...input('least of all ends', of.least, unit),
            ...input('most of all ends', of.most, unit),
            ...inputs.flatMap(({ path, levelAtLow, levelAtHigh }) => [
              ...input(`users with ${path} at its low end`, levelAtLow, 'users'),
              ...input(`users with ${path} at its high end`, levelAtHigh, 'users'),
            ]),
          ],
          result: of[end],
          unit,
          source: `${method}; the ranges of the file`,
          exact: false,
        }))
  return [
    ...spread('users', 'users', level),
    ...spread('cost/turn', 'USD', perTurnUsd),
    ...spread('cost/month', 'USD', perMonthUsd),
  ]
}
