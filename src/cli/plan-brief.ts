import { planBacklog } from '../plan/plan-backlog.ts'
import { plan } from '../plan/plan.ts'
import { clean } from '../report/clean.ts'
import { wrap } from '../report/wrap.ts'
import type { Brief } from '../result/brief.ts'
import type { Capacity } from '../result/capacity.ts'
import { backlogHolds } from '../result/backlog-words.ts'
import { formatCount, formatMs, formatPeople, formatShare } from '../result/figure-text.ts'
import { fleetFor } from '../result/fleet/fleet-for.ts'
import { dollars } from '../result/fleet/fleet-words.ts'
import type { Summary } from '../result/summary.ts'
import { listText, toldLines } from '../result/verdict/words.ts'
import { serversPerMonthUsd } from '../result/cost.ts'
import { serversOf } from '../workload/servers-of.ts'
import type { Workload } from '../workload/workload.ts'
import { askedUsers } from '../result/verdict/for-users.ts'
import { inputCount } from './inputs.ts'
import { adviceWords, inputInWords, isBought, limitWords, missedWords } from './plan-brief-words.ts'

/** The answer for the person who pays: what it carries, what it costs, what to buy next and how sure that is. */
export function briefOf(workload: Workload, capacity: Capacity, people = askedUsers): Brief {
  const users = 'users' in capacity.level ? capacity.level.users : 0
  const { runAt } = capacity
  const known = workload.objectives.length > 0
  const cost = known && runAt > 0 ? plan(workload, { users: runAt }).cost : undefined
  const lines: [label: string, text: string | undefined][] = known
    ? [
        ['the work that waits', backlogText(workload, capacity)],
        ['what it carries', carries(workload, capacity, users)],
        ['what it costs', runAt > 0 ? costs(workload, capacity, cost) : undefined],
        ['what stops it', stops(capacity, users)],
        ['what to buy next', users > 0 ? buyNext(workload, capacity, users) : undefined],
        [
          `for ${formatPeople(people)} people`,
          workload.backlog ? undefined : forPeople(workload, capacity, people),
        ],
        ['how sure', sure(workload, capacity)],
      ]
    : [
        [
          'what it carries',
          'Nobody can say: the file does not name what would be too slow or too many failures.',
        ],
      ]
  return {
    format: 1,
    origin: 'solved',
    workload: { name: workload.name, hash: workload.hash },
    users,
    runAt,
    ...(cost ? { cost } : {}),
    lines: toldLines(lines),
  }
}

/** One page, a paragraph for each question. */
export function briefText(brief: Brief, width: number): string {
  const { workload, lines } = clean(brief)
  const labels = Math.max(...lines.map(({ label }) => label.length))
  const paragraphs = lines.map(({ label, text }) =>
    wrap(text, Math.max(30, width - labels - 4))
      .map((line, index) => `  ${(index === 0 ? label : '').padEnd(labels)}  ${line}`)
      .join('\n'),
  )
  return [`  ${workload.name}, in plain words`, ...paragraphs].join('\n\n')
}

/** A backlog has no people: what is in work at once is its own. */
function peopleAtOnce({ backlog }: Workload, count: number): string {
  const [one, many] = backlog ? ['piece of work', 'pieces of work'] : ['person', 'people']
  return `${formatPeople(count)} ${count === 1 ? one : many} at once`
}

/** Whether the work that waits gets done in time, and what that takes. */
function backlogText(workload: Workload, capacity: Capacity): string | undefined {
  const plan = planBacklog(workload, capacity)
  if (!plan) return undefined
  const { items, withinMs, finishMs, servers, quotas, costUsd } = plan
  const asked = `${formatPeople(items)} ${items === 1 ? 'piece' : 'pieces'} of work, to be done within ${formatMs(withinMs)}`
  const told = serversOf(workload) === 1 ? 'one server' : `${formatPeople(serversOf(workload))} servers`
  const done =
    finishMs === undefined
      ? 'None gets done as it should'
      : `With ${told} and the allowance that there is, all are done after ${formatMs(finishMs)}${backlogHolds(plan) ? '' : `, ${formatMs(finishMs - withinMs)} too late`}`
  const times = Math.max(0, ...quotas.map(({ needed, limit }) => needed / limit))
  const more = times > 1 ? ` and ${formatCount(Math.ceil(times))} times the allowance` : ''
  const needs =
    servers === undefined || (finishMs !== undefined && backlogHolds(plan))
      ? ''
      : ` In time with ${servers === 1 ? 'one server' : `${formatPeople(servers)} servers`}${more}.`
  const bill = costUsd === undefined ? '' : ` The model costs ${dollars(costUsd)} for all of it.`
  return `${asked}. ${done}.${needs}${bill}`
}

/** Who carries it: the answer is that of all servers that the file describes. */
function carrier(workload: Workload): string {
  const servers = serversOf(workload)
  return servers === 1 ? 'One server carries' : `${formatPeople(servers)} servers carry`
}

const inSentence = (text: string): string => `${text[0]!.toLowerCase()}${text.slice(1)}`

function carries(workload: Workload, { runAt, unbounded, brokenBy }: Capacity, users: number): string {
  const missed = missedWords(workload, brokenBy)
  if (users <= 0) return `Nobody: even with one person, ${missed}.`
  if (unbounded)
    return `${carrier(workload)} at least ${peopleAtOnce(workload, users)}: nothing gave way up to there, and more was not tried.`
  if (runAt <= 0)
    return `${carrier(workload)} ${peopleAtOnce(workload, users)} and ${serversOf(workload) === 1 ? 'has' : 'have'} nothing to spare.`
  const { concurrencyRatio } = workload.users.peak
  const registered =
    concurrencyRatio === undefined || concurrencyRatio <= 0
      ? ''
      : ` If ${formatShare(concurrencyRatio)} of your customers are there at once, that serves ${formatPeople(runAt / concurrencyRatio)} customers.`
  return `${carrier(workload)} ${peopleAtOnce(workload, runAt)} with room to spare, and ${formatPeople(users)} at the very most: with more, ${missed}.${registered}`
}

function costs(workload: Workload, capacity: Capacity, cost: Summary['cost']): string {
  const { perMonthUsd, perTurnUsd } = cost ?? {}
  if (perMonthUsd === undefined || perTurnUsd === undefined)
    return 'Not known: the file has no price for the model.'
  const { peakToAverage = 1 } = workload.users.peak
  const serverUsd = serversPerMonthUsd(workload)
  const servers = serversOf(workload) === 1 ? 'server' : 'servers'
  const average = peakToAverage === 1 ? '' : ` (${formatPeople(capacity.runAt / peakToAverage)} on average)`
  const when = `with ${peopleAtOnce(workload, capacity.runAt)}${peakToAverage === 1 ? '' : ' at the busiest time'}${average}`
  const parts =
    serverUsd === undefined
      ? `for the model alone; the file has no price for the ${servers}`
      : `${dollars(perMonthUsd - serverUsd)} for the model and ${dollars(serverUsd)} for the ${servers}`
  const units = workload.models.some(({ quota }) => quota && 'like' in quota && /ptu|gsu/.test(quota.like))
    ? ' That is the price by use; capacity bought in advance is billed instead of it.'
    : ''
  return `About ${dollars(perMonthUsd)} a month ${workload.backlog ? 'if it never stops, ' : ''}${when}: ${parts}. A thousand answers cost ${dollars(perTurnUsd * 1000)}.${units}`
}

function stops({ bottleneck, unbounded }: Capacity, users: number): string | undefined {
  if (unbounded) return undefined
  if (users <= 0) return 'The time of a single answer: more servers would not help.'
  if (!bottleneck) return 'The time of a single answer; nothing is used up.'
  const words = limitWords(bottleneck)
  return `${words[0]!.toUpperCase()}${words.slice(1)}.`
}

/** Where the answer lies, given the numbers that are only known roughly. */
function rangesText(workload: Workload, { uncertainty, level, runAt }: Capacity): string {
  if (!uncertainty || !('users' in level)) return ''
  const { inputs, level: people, perMonthUsd } = uncertainty
  const many = inputs.length === 1 ? 'One number is' : `${formatCount(inputs.length)} numbers are`
  const usd = perMonthUsd
    ? `, and ${peopleAtOnce(workload, runAt)} cost ${dollars(perMonthUsd.low)} to ${dollars(perMonthUsd.high)} a month`
    : ''
  return ` ${many} known only roughly: within what the file allows ${inSentence(carrier(workload))} ${formatPeople(Math.floor(people.low))} to ${formatPeople(Math.ceil(people.high))} ${workload.backlog ? 'pieces of work at once' : 'people'} at the very most${usd}.`
}

function buyNext(workload: Workload, capacity: Capacity, users: number): string | undefined {
  const { advice, unbounded } = capacity
  if (unbounded || !advice) return undefined
  const backlog = planBacklog(workload, capacity)
  if (backlog && backlogHolds(backlog)) return 'Nothing: all the work gets done in time.'
  const bought = advice.find(isBought)
  // A peak that is spread serves more people, but carries no more of them at once.
  const free = advice.find((each) => !isBought(each) && each.lever !== 'peak')
  const gain = (most: number): string =>
    `${formatPeople(most)} ${workload.backlog ? 'at once' : 'people'} at the very most, not ${formatPeople(users)}`
  const first = bought
    ? `Buy ${adviceWords(bought)}. Then ${inSentence(carrier(workload))} ${gain(bought.users)}.`
    : 'Nothing that was tried can be bought to make a server carry more; for more people, buy more servers.'
  return free ? `${first} Without buying: ${adviceWords(free)} (${gain(free.users)}).` : first
}

function forPeople(workload: Workload, capacity: Capacity, people: number): string | undefined {
  const fleet = fleetFor(workload, capacity, people)
  if (!fleet) return undefined
  const { servers, quotas, money, peakToAverage, peakUsers } = fleet
  const peak = peakToAverage === 1 ? '' : `, ${formatPeople(peakUsers)} at the busiest time`
  const times = Math.max(0, ...quotas.map(({ usersCarried }) => people / Math.max(1e-9, usersCarried)))
  const allowance =
    times > 1 ? ` and ${formatCount(Math.ceil(times))} times the allowance of the model's provider` : ''
  const modelUsd = money.unitsUsd ?? money.tokensUsd
  const known = [modelUsd, money.serversUsd].filter((usd) => usd !== undefined)
  const missing = [
    ...(modelUsd === undefined ? ['the model'] : []),
    ...(money.serversUsd === undefined ? ['the servers'] : []),
  ]
  const without =
    missing.length > 0 ? `, without ${listText(missing)}, whose price the file does not have` : ''
  const bill =
    known.length === 0 ? '' : ` About ${dollars(known.reduce((sum, usd) => sum + usd, 0))} a month${without}.`
  return `At once${peak}: ${formatPeople(servers.total)} servers (one of them spare)${allowance}.${bill}`
}

/** A tenth more of an input, as in the perturbation that the elasticity comes from. */
const tenthMore = 1.1

function sure(workload: Workload, capacity: Capacity): string {
  const { approximate, sensitivity = [] } = capacity
  const { given, preset, measured, guessed } = inputCount(workload)
  const total = given + preset + measured + guessed
  const guesses =
    total === 0
      ? ''
      : guessed === 0
        ? ` None of its ${formatCount(total)} numbers is marked as a guess.`
        : ` Of its ${formatCount(total)} numbers ${formatCount(guessed)} are guesses.`
  const [most] = sensitivity.toSorted((a, b) => Math.abs(b.elasticity) - Math.abs(a.elasticity))
  const guess = sensitivity
    .filter(({ origin, elasticity }) => origin === 'guessed' && elasticity !== 0)
    .toSorted((a, b) => Math.abs(b.elasticity) - Math.abs(a.elasticity))[0]
  const moves = (elasticity: number): string => formatShare(Math.abs(tenthMore ** elasticity - 1))
  const hangs =
    most && most.elasticity !== 0
      ? ` It hangs most on ${inputInWords(most.field)}: a tenth more of it moves the answer by ${moves(most.elasticity)}.`
      : ''
  const check =
    guess && guess.field !== most?.field
      ? ` Of the guesses, ${inputInWords(guess.field)} matters most (${moves(guess.elasticity)}).`
      : ''
  return `Calculated${approximate ? ', with approximations,' : ''} from what the file says, and not measured.${guesses}${rangesText(workload, capacity)}${hangs}${check} Have it measured on the real server before you sign for it.`
}
