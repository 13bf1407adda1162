import { parentPort, workerData } from 'node:worker_threads'
import { startSelfProbe } from '../host/edge/self-probe.ts'
import type { Crew, CrewNews } from '../load/crew.ts'
import { prepareDriver } from '../load/drivers/prepare-driver.ts'
import { startAlarmThread } from '../load/edge/alarm-thread.ts'
import { startRunClock } from '../load/edge/run-clock.ts'
import { startCrew } from '../load/start-crew.ts'
import { TurnBudget } from '../load/turn-budget.ts'
import type { ThreadMessage, ThreadNews, ThreadOrder, ThreadTask } from './load-threads.ts'
import { readScripts, withScript } from './read-script.ts'
import { readWorkload } from './read-workload.ts'
import { catchStrays } from './stray-errors.ts'

/** A thread of `loadThreads`: plays its part of the users and tells what happened, many things at a time. */
const { file, set, script, task, part, limits, budget } = workerData as ThreadTask
const workload = withScript(readWorkload(file, set, { note: () => {} }), script)
const scripts = readScripts(workload, file)

/** Often enough for those who watch, seldom enough to cost nothing. */
const tellEveryMs = 50

const tell = (message: ThreadMessage): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(message)
}

let untold: ThreadNews[] = []
let started = 0

/** Turns that began come before what happened after them. */
function tellAll(): void {
  if (started > 0) untold.unshift({ started })
  started = 0
  if (untold.length > 0) tell({ news: untold })
  untold = []
}

catchStrays(scripts ?? [], (stray) => void untold.push({ stray }))

const news: CrewNews = {
  started: () => void started++,
  // The text of an answer was for the script.
  ended: ({ text: _, ...turn }) => void untold.push({ turn }),
  sessionStarted: (atMs) => void untold.push({ sessionStartedAtMs: atMs }),
  sessionEnded: (atMs, session) => void untold.push({ sessionEndedAtMs: atMs, session }),
  sessionTurnedAway: (atMs) => void untold.push({ sessionTurnedAwayAtMs: atMs }),
  sampled: (sample) => void untold.push({ sample }),
  remarked: (remark) => void untold.push({ remark }),
  refused: (limit) => void untold.push({ refused: limit }),
}

const probe = startSelfProbe('thread')
let use = probe.read()

function begin(startedMs: number): Crew {
  const clock = startRunClock(task.options.speed, startedMs, startAlarmThread)
  clock.at(task.options.warmupMs, () => probe.restart())
  const telling = (): void => {
    tellAll()
    clock.at(clock.now() + tellEveryMs * clock.speed, telling)
  }
  telling()
  const crew = startCrew(
    workload,
    task,
    {
      clock,
      part,
      ...(budget ? { budget: new TurnBudget(limits, budget) } : {}),
      ...(scripts ? { scripts } : {}),
    },
    news,
  )
  const gone = (bug?: unknown): void => {
    tellAll()
    tell({ gone: true, ...(bug === undefined ? {} : { bug }) })
  }
  crew.gone.then(() => gone(), gone)
  return crew
}

let crew: Crew | undefined
parentPort!.on('message', (order: ThreadOrder) => {
  if (typeof order === 'object') crew = begin(order.begin)
  else if (order === 'cut') crew?.cut()
  else if (order === 'close') void close()
  else {
    // What it takes to end the run is not the run's.
    use = probe.read()
    crew?.stop()
  }
})

async function close(): Promise<void> {
  const end = (await crew?.close()) ?? { gaps: [] }
  tellAll()
  tell({ end, self: use })
}

prepareDriver(task.options)
tell('ready')
