import type { PhoneRecord } from '../../result/phone-records.ts'
import type { Histogram } from '../../stats/histogram.ts'
import type { TurnRecord } from '../../result/records.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { traceId, traceparent } from '../../sessions/turn-key.ts'
import type { CarrierEvent } from '../../wire/carrier-api.ts'
import type { Phone } from '../../workload/phone.ts'
import type { Alarm, RunClock } from '../edge/run-clock.ts'
import { type FrameClock, startFrameClock } from '../edge/frame-clock.ts'
import { type Shape, arrivalMs, durationMs } from '../stages.ts'
import type { CallDriver, CallLine, NoLine } from './call-driver.ts'
import { Caller, type CallEnd } from './caller.ts'
import { callPlan } from '../../sessions/call-plan.ts'
import type { CarrierClient } from './carrier-client.ts'
import { shippedVoice } from './voice.ts'

/** What all calls of a run share. */
export interface CallContext {
  readonly phone: Phone
  readonly sessions: Sessions
  readonly clock: RunClock
  readonly driver: CallDriver
  /** Without one every call has a channel. */
  readonly carrier: CarrierClient | undefined
  /** 32-bit name of the run, carried by names, traces and tags. */
  readonly run: number
  /** A tag of sound before each utterance joins both sides. */
  readonly tagged: boolean
  readonly priorityOf: (scenario: number) => number
  readonly turnTimeoutMs: number
  /** Aborted when calls in flight are to be cut. */
  readonly cut: AbortSignal
}

export interface CallsEvents {
  turnStarted(): void
  turnEnded(record: TurnRecord, message: string | undefined): void
  callEnded(record: PhoneRecord, message: string | undefined): void
}

export interface Calls {
  /** No new calls from now on; those on the line go on. */
  stop(): void
  /** Resolves when nobody is on the line. Rejects on a bug. */
  readonly gone: Promise<void>
  /** On the line now. */
  readonly active: number
  /** Pieces of sound that came from the agent. */
  readonly heard: number
  readonly frames: Pick<FrameClock, 'frames' | 'restart'> & { readonly lateness: Histogram }
}

/** Lets calls come in as `shape` says, until its end or `stop`. */
export function startCalls(context: CallContext, shape: Shape, events: CallsEvents): Calls {
  const { clock, sessions, carrier, cut } = context
  const endMs = durationMs(shape)
  const frames = startFrameClock(() => clock.now())
  const bySid = new Map<string, OneCall>()
  const sound = { pieces: 0 }
  const playing = new Set<Promise<void>>()
  let stopped = false
  let alarm: Alarm | undefined
  let wake: () => void = () => {}
  if (carrier) carrier.onEvent = ({ call, event }) => bySid.get(call)?.ended(callEnds[event])

  const untilNext = (atMs: number): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
      alarm = clock.at(atMs, resolve)
    })

  async function playArrivals(): Promise<void> {
    for (let session = 0; ; session++) {
      const atMs = arrivalMs(shape, sessions.unitArrival(session))
      if (stopped || !(atMs < endMs)) break
      await untilNext(atMs)
      if (stopped) break
      const call = new OneCall(context, session, frames, sound, events)
      bySid.set(call.sid, call)
      const play = call.play(atMs).finally(() => {
        bySid.delete(call.sid)
        playing.delete(play)
      })
      playing.add(play)
      play.catch((error: unknown) => (bug ??= { error }))
    }
    while (playing.size > 0) await Promise.allSettled(playing)
    frames.stop()
    if (bug) throw bug.error
  }

  let bug: { readonly error: unknown } | undefined
  const onCut = (): void => {
    for (const call of bySid.values()) call.cut()
  }
  cut.addEventListener('abort', onCut)
  const gone = playArrivals().finally(() => cut.removeEventListener('abort', onCut))
  return {
    stop() {
      stopped = true
      alarm?.cancel()
      wake()
    },
    gone,
    get active() {
      return [...bySid.values()].filter((call) => call.hasChannel).length
    },
    get heard() {
      return sound.pieces
    },
    frames,
  }
}

/** What the carrier's events do to a call. */
const callEnds: Readonly<Record<CarrierEvent['event'], CallEnd>> = {
  hungUp: 'byAgent',
  handedOff: 'handedOff',
  tooLong: 'tooLong',
}

/** One call, from the carrier to its end. */
class OneCall {
  readonly sid: string
  readonly #context: CallContext
  readonly #session: number
  readonly #frames: FrameClock
  readonly #events: CallsEvents
  readonly #sound: { pieces: number }
  readonly #abort = new AbortController()
  #caller: Caller | undefined
  #line: CallLine | undefined
  /** What happened before the caller was on the line. */
  #early: { readonly how: CallEnd; readonly message?: string } | undefined
  #isTold = false
  #times = { offeredAtMs: NaN, grantedAtMs: NaN, answeredAtMs: NaN }

  constructor(
    context: CallContext,
    session: number,
    frames: FrameClock,
    sound: { pieces: number },
    events: CallsEvents,
  ) {
    this.#sound = sound
    this.#context = context
    this.#session = session
    this.#frames = frames
    this.#events = events
    this.sid = `CA${traceId({ run: context.run, session, turn: 0 })}`
  }

  get hasChannel(): boolean {
    return !Number.isNaN(this.#times.grantedAtMs)
  }

  async play(offeredAtMs: number): Promise<void> {
    this.#times.offeredAtMs = offeredAtMs
    if (!(await this.#isGranted())) return
    try {
      await this.#talk()
    } finally {
      this.#context.carrier?.leave(this.sid)
    }
  }

  ended(how: CallEnd, message?: string): void {
    if (!this.#caller) {
      this.#early ??= { how, ...(message === undefined ? {} : { message }) }
      this.#abort.abort()
    } else this.#caller.ended(how, this.#now(), message)
  }

  cut(): void {
    this.#abort.abort()
    this.#caller?.cut(this.#now())
    this.#tell('cut', undefined)
  }

  #now(): number {
    return this.#context.clock.now()
  }

  async #isGranted(): Promise<boolean> {
    const { carrier } = this.#context
    try {
      const answer = await carrier?.arrive(this.sid, this.#abort.signal)
      if (answer?.state !== 'refused') {
        this.#times.grantedAtMs = this.#now()
        return true
      }
      this.#tell('blocked', undefined)
    } catch {
      if (!this.#isCut()) this.#tell('failed', 'the carrier is not there')
    }
    return false
  }

  #isCut(): boolean {
    return this.#context.cut.aborted
  }

  async #talk(): Promise<void> {
    const { driver, run } = this.#context
    let over: () => void = () => {}
    const isOver = new Promise<void>((resolve) => (over = resolve))
    const call = {
      session: this.#session,
      callSid: this.sid,
      priority: this.#context.priorityOf(this.#context.sessions.scenario(this.#session)),
      traceparent: traceparent({ run, session: this.#session, turn: 0 }),
    }
    const line = await driver.call(
      call,
      {
        media: (sound) => {
          const atMs = this.#now()
          this.#sound.pieces++
          this.#caller?.ear.media(sound, atMs)
          this.#frames.reach(atMs)
        },
        mark: (name) => this.#caller?.ear.mark(name, this.#now()),
        clear: () => this.#caller?.ear.clear(this.#now()) ?? 0,
        ended: ({ how, message }) => this.ended(how, message),
      },
      this.#abort.signal,
    )
    if (this.#isCut()) {
      if (!('how' in line)) line.hangUp()
      return
    }
    if (this.#early) {
      if (!('how' in line)) line.hangUp()
      return this.#noLine(this.#early.how, this.#early.message)
    }
    if ('how' in line) return this.#noLine(line.how, line.message)
    this.#line = line
    this.#times.answeredAtMs = this.#now()
    this.#caller = this.#newCaller(line, over)
    this.#frames.add((atMs) => this.#say(atMs, over))
    await isOver
    line.hangUp()
  }

  #say(atMs: number, over: () => void): boolean {
    const frame = this.#caller!.isOver ? undefined : this.#caller!.tick(atMs)
    if (frame === undefined) {
      over()
      return false
    }
    this.#line!.frame(frame)
    return true
  }

  #noLine(how: CallEnd | NoLine['how'], message: string | undefined): void {
    // Told as what it is: a busy tone is no mistake of anybody's.
    if (how === 'rejected') this.#tell('blocked', undefined)
    else this.#tell(how === 'handedOff' ? 'escalated' : 'failed', message)
  }

  #newCaller(line: CallLine, over: () => void): Caller {
    const { sessions, phone, run, tagged, turnTimeoutMs } = this.#context
    const voice = shippedVoice()
    const session = this.#session
    const events = this.#events
    let told: string | undefined
    return new Caller({
      plan: callPlan(sessions, phone, session),
      voice,
      tag: (turn) => (tagged ? voice.tag({ run, session, turn }) : []),
      answeredAtMs: this.#times.answeredAtMs,
      timeoutMs: turnTimeoutMs,
      events: {
        turnStarted: () => events.turnStarted(),
        turnEnded: (record, said) => {
          told = said
          events.turnEnded(record, said)
        },
        over: (ending, _, message) => {
          // What a turn has told is not told again.
          this.#tell(ending, message === told ? undefined : message)
          over()
        },
        press: (digit) => line.press(digit),
        marked: (name) => line.marked(name),
      },
    })
  }

  #tell(ending: PhoneRecord['ending'], message: string | undefined): void {
    if (this.#isTold) return
    this.#isTold = true
    const caller = this.#caller
    const record: PhoneRecord = {
      kind: 'phone',
      session: this.#session,
      scenario: this.#context.sessions.scenario(this.#session),
      ...this.#times,
      endedAtMs: this.#now(),
      ending,
      interruptions: caller?.interruptions ?? 0,
      bargeInStopMs: caller?.bargeInStopMs ?? [],
      talkedOver: caller?.talkedOver ?? 0,
      gaps: caller?.ear.gaps ?? 0,
      longestGapMs: caller?.ear.longestGapMs ?? 0,
    }
    this.#events.callEnded(record, message)
  }
}
