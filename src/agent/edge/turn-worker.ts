// Edge file: the entry of a worker thread; its event loop runs the turns that it is handed.
import { parentPort, workerData } from 'node:worker_threads'
import { monotonicMs } from '../../clock/now.ts'
import { guardedModel, guardedTool } from '../guarded-calls.ts'
import type { FromWorker, ToWorker, TurnJob, WorkerSettings } from '../messages.ts'
import { modelClient } from '../model-client.ts'
import { runTurn } from '../run-turn.ts'
import { toolClient } from '../tool-client.ts'
import { afterTick, burnCpu, wait } from './waits.ts'

const port = parentPort!
const settings = workerData as WorkerSettings
const running = new Map<number, AbortController>()
const clock = { now: monotonicMs, wait }
const around = {
  settings,
  callModel: guardedModel(modelClient(settings), settings, clock),
  callTool: guardedTool(toolClient(settings), settings, clock),
  ...clock,
  burn: burnCpu,
}
let batch: (number | string)[] = []

const send = (message: FromWorker): void => port.postMessage(message)

function flush(): void {
  if (batch.length === 0) return
  send({ type: 'text-batch', parts: batch })
  batch = []
}

function show(id: number, text: string, tokens: number): void {
  if (batch.length === 0) afterTick(flush)
  batch.push(id, text, tokens)
}

async function start(job: TurnJob): Promise<void> {
  const controller = new AbortController()
  running.set(job.id, controller)
  const see = job.stream ? (text: string, tokens: number): void => show(job.id, text, tokens) : (): void => {}
  const result = await runTurn(job, around, see, controller.signal)
  running.delete(job.id)
  flush()
  send({ type: 'turn-end', id: job.id, result })
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'turn-start') void start(message.job)
  else running.get(message.id)?.abort(new Error('the turn was given up'))
})
send({ type: 'worker-ready' })
