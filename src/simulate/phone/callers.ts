import type { PhoneEnding, PhoneRecord } from '../../result/phone-records.ts'
import type { ErrorKind, Outcome } from '../../result/records.ts'
import { callerHabits } from '../../sessions/call-plan.ts'
import type { Phone } from '../../workload/phone.ts'
import { utteranceMs } from '../../workload/utterances.ts'
import type { VoiceAgentRules } from '../../workload/voice-agent.ts'
import { voiceAgentOf } from '../../workload/voice-agent-schema.ts'
import type { Agent } from '../agent.ts'
import { events } from '../events.ts'
import type { Window } from '../meter.ts'
import type { World } from '../world.ts'
import { AgentPlaces } from './agent-places.ts'
import { CallChain } from './call-chain.ts'
import type { CallMeter } from './call-meter.ts'
import { mayInterrupt, newCall, type OneCall } from './one-call.ts'
import { Speech } from './speech.ts'

const frameMs = 20
/** So many turns in a row that could not be answered, and a person takes over. */
const mostFailures = 2

/**
 * Callers instead of users: they come at a rate, need the carrier and every vendor at once, take a place at the agent,
 * speak and listen as `load` plays them, with the same draws, and hang up. The agent's own turns are those of any agent.
 */
export class Callers {
  readonly chain: CallChain
  readonly places: AgentPlaces
  readonly #world: World
  readonly #agent: Agent
  readonly #meter: CallMeter
  readonly #phone: Phone
  readonly #rules: VoiceAgentRules
  readonly #speech: Speech
  readonly #tell: (record: Readonly<PhoneRecord>) => void
  readonly #byClient: (OneCall | undefined)[] = []
  readonly #bySession = new Map<number, OneCall>()
  /** Calls that came within the window. */
  offered = 0
  #arrivals = 0
  #keys = 0

  constructor(
    world: World,
    agent: Agent,
    meter: CallMeter,
    phone: Phone,
    tell: (record: Readonly<PhoneRecord>) => void,
  ) {
    this.#world = world
    this.#agent = agent
    this.#meter = meter
    this.#phone = phone
    this.#tell = tell
    this.#rules = world.workload.agent.voice ?? voiceAgentOf()
    this.#speech = new Speech(world.sessions, phone, this.#rules)
    this.chain = new CallChain(world, phone, meter.window, {
      granted: (session, atMs) => this.#granted(this.#bySession.get(session)!, atMs),
      blocked: (session, atMs) => this.#end(this.#bySession.get(session)!, 'blocked', atMs),
      tooLong: (session, atMs) => this.#tooLong(this.#bySession.get(session)!, atMs),
    })
    this.places = new AgentPlaces(world.workload.agent.servers ?? 1, this.#rules, meter, {
      served: (session, atMs) => this.#served(this.#bySession.get(session)!, atMs),
      turnedAway: (session, atMs) => this.#turnAway(this.#bySession.get(session)!, atMs),
    })
  }

  get window(): Window {
    return this.#meter.window
  }

  begin(): void {
    this.#planArrival()
  }

  arrive(): void {
    const { clients, meter, queue } = this.#world
    const { atMs } = queue
    const session = this.#arrivals++
    const call = newCall(this.#world, this.#phone, clients.take(), session, atMs)
    this.#byClient[call.client] = call
    this.#bySession.set(session, call)
    clients.session[call.client] = session
    clients.scenario[call.client] = call.scenario
    if (meter.isMeasuring) this.offered++
    meter.users++
    meter.sessionStarted()
    this.#planArrival()
    this.chain.arrive(session, atMs)
  }

  /** What was planned for a call has come, if it still holds. */
  due(client: number, atMs: number, key: number): void {
    const call = this.#byClient[client]
    if (call?.patienceKey === key) this.#loseHeart(call, atMs)
    else if (call?.dueKey === key) this.#goOn(call, atMs)
  }

  /** Of `Agent`: the model has answered, or the agent failed to. */
  turnEnded(client: number): void {
    const { atMs } = this.#world.queue
    const call = this.#byClient[client]
    if (call?.phase !== 'thinking') return
    if (this.#meter.last.outcome === 'completed') this.#answer(call, atMs)
    else this.#fallBack(call, atMs)
  }

  /** The run is over: whoever is on the line still is. */
  cut(atMs: number): void {
    for (const call of this.#bySession.values()) this.#record(call, 'cut', atMs)
  }

  #granted(call: OneCall, atMs: number): void {
    call.grantedAtMs = atMs
    const { priority = 0 } = this.#world.workload.scenarios[call.scenario]!
    const seat = this.places.arrive(call.session, priority, atMs)
    if (seat === 'served') return this.#served(call, atMs)
    if (seat === 'refused') return this.#end(call, 'blocked', atMs)
    this.#up(call, atMs)
    call.phase = 'onHold'
    this.#plan(call, atMs + this.#rules.hold.forMs)
    call.patienceKey = this.#push(call, atMs + call.plan.patienceMs(0))
  }

  #served(call: OneCall, atMs: number): void {
    if (Number.isNaN(call.answeredAtMs)) this.#up(call, atMs)
    call.patienceKey = 0
    call.phase = 'waiting'
    this.#plan(call, atMs + Math.max(callerHabits.firstWordsMs, this.#speech.greetingMs))
  }

  /** The agent takes the call: from now on its sound comes and goes. */
  #up(call: OneCall, atMs: number): void {
    call.answeredAtMs = atMs
    this.#world.sound?.add(atMs, 1)
  }

  #turnAway(call: OneCall, atMs: number): void {
    this.#leaveAfter(call, 'dropped', atMs, this.#speech.busyMs)
  }

  #leaveAfter(call: OneCall, ending: PhoneEnding, atMs: number, ms: number): void {
    call.phase = 'leaving'
    call.leavesAs = ending
    call.patienceKey = 0
    this.#plan(call, atMs + ms)
  }

  #goOn(call: OneCall, atMs: number): void {
    switch (call.phase) {
      case 'onHold':
        return this.#turnAway(call, atMs)
      case 'waiting':
        return this.#speakOrLeave(call, atMs)
      case 'speaking':
        return this.#listen(call, atMs)
      case 'hearing':
        call.phase = 'thinking'
        return this.#agent.arrive(call.client)
      case 'answering':
        return this.#heardIt(call, atMs)
      case 'leaving':
        return this.#end(call, call.leavesAs!, atMs)
      case 'offered':
      case 'thinking':
      case 'silence':
        throw new Error(`nothing is planned for a call that is ${call.phase}`)
      default:
        call.phase satisfies never
    }
  }

  #speakOrLeave(call: OneCall, atMs: number): void {
    const { plan, turn } = call
    if (turn >= plan.turns) this.#end(call, 'completed', atMs)
    else if (turn === plan.pressesAt) this.#leaveAfter(call, 'escalated', atMs, this.#speech.personMs)
    else if (plan.isSilent(turn)) this.#nextTurn(call, atMs, 0)
    else this.#speak(call, atMs)
  }

  #speak(call: OneCall, atMs: number): void {
    call.phase = 'speaking'
    this.#plan(call, atMs + utteranceMs(call.plan.text(call.turn)))
  }

  #listen(call: OneCall, atMs: number): void {
    const { clients, meter } = this.#world
    const { client, session, turn } = call
    clients.turn[client] = turn
    clients.intendedAtMs[client] = atMs
    clients.sentAtMs[client] = atMs
    clients.firstSeenAtMs[client] = NaN
    clients.clearParts(client)
    meter.turnStarted()
    call.audibleAtMs = NaN
    call.phase = 'hearing'
    call.patienceKey = this.#push(
      call,
      atMs + Math.min(call.plan.patienceMs(turn), callerHabits.answerWithinMs),
    )
    this.#plan(call, atMs + this.#speech.hearMs(session, turn))
  }

  #answer(call: OneCall, atMs: number): void {
    const speech = this.#speech
    const { tokens } = this.#meter.last
    const { session, turn } = call
    const seenAtMs = this.#world.clients.firstSeenAtMs[call.client]!
    const firstSoundMs = speech.firstSoundMs(session, turn)
    const spokenFromMs = seenAtMs + speech.firstSentenceMs(tokens, atMs - seenAtMs) + firstSoundMs
    call.audibleAtMs = Math.max(spokenFromMs, call.playsUntilMs)
    call.playsUntilMs = Math.max(call.audibleAtMs + speech.answerMs(tokens), atMs + firstSoundMs)
    call.failures = 0
    if (++call.answers >= call.handOffAfter) this.#toPerson(call)
    this.#beHeard(call, atMs)
  }

  /** The agent says that it cannot answer, then puts the caller through; or it says nothing. */
  #fallBack(call: OneCall, atMs: number): void {
    if (!this.#rules.strategies.fallbacks) {
      call.phase = 'silence'
      return
    }
    call.audibleAtMs = Math.max(atMs, call.playsUntilMs)
    call.playsUntilMs = call.audibleAtMs
    if (++call.failures >= mostFailures) this.#toPerson(call)
    else call.playsUntilMs += this.#speech.sorryMs
    this.#beHeard(call, atMs)
  }

  #toPerson(call: OneCall): void {
    call.leavesAs = 'escalated'
    call.playsUntilMs += this.#speech.personMs
  }

  #beHeard(call: OneCall, atMs: number): void {
    const interruptsAtMs = Math.max(atMs, call.audibleAtMs + call.plan.interruptsAfterMs(call.turn))
    const isInterrupted = !call.leavesAs && interruptsAtMs < call.playsUntilMs && mayInterrupt(call)
    call.phase = 'answering'
    call.interruptsAtMs = isInterrupted ? interruptsAtMs : NaN
    this.#plan(call, isInterrupted ? interruptsAtMs : Math.max(atMs, call.playsUntilMs))
  }

  #heardIt(call: OneCall, atMs: number): void {
    if (Number.isNaN(call.interruptsAtMs)) {
      this.#endTurn(call, call.playsUntilMs, 'completed', 'none')
      if (call.leavesAs) this.#end(call, call.leavesAs, atMs)
      else this.#nextTurn(call, atMs, callerHabits.answerOverMs)
      return
    }
    this.#endTurn(call, atMs, 'completed', 'none')
    const stopMs = this.#speech.stopMs(call.playsUntilMs - atMs)
    call.interruptions++
    call.bargeInStopMs.push(stopMs)
    call.playsUntilMs = atMs + stopMs
    call.turn++
    this.#speak(call, atMs)
  }

  /** Turn k of n is due k/n into the call, and not before the caller knows that the answer is over. */
  #nextTurn(call: OneCall, atMs: number, leastPauseMs: number): void {
    call.turn++
    const { turns, durationMs } = call.plan
    const pacedMs = call.answeredAtMs + (durationMs * call.turn) / turns
    const pauseMs = Math.max(leastPauseMs, call.plan.pauseMs(call.turn))
    call.phase = 'waiting'
    this.#plan(call, Math.max(pacedMs, atMs + pauseMs))
  }

  #loseHeart(call: OneCall, atMs: number): void {
    call.patienceKey = 0
    if (call.phase === 'onHold') return this.#end(call, 'abandoned', atMs)
    if (this.#isHeard(call, atMs)) return
    const isPatient = call.plan.patienceMs(call.turn) > callerHabits.answerWithinMs
    this.#giveUpTurn(call, atMs, isPatient ? 'failed' : 'abandoned', isPatient ? 'timeout' : 'abandoned')
    this.#end(call, 'abandoned', atMs)
  }

  /** Whether the answer sounds; one that is still being written may. */
  #isHeard(call: OneCall, atMs: number): boolean {
    if (call.phase !== 'thinking') return call.audibleAtMs <= atMs
    const firstSoundMs = this.#speech.firstSoundMs(call.session, call.turn)
    return this.#agent.hasSeenBy(call.client, atMs - firstSoundMs)
  }

  #giveUpTurn(call: OneCall, atMs: number, outcome: Outcome, kind: ErrorKind): void {
    const isWithAgent = call.phase === 'thinking'
    call.phase = 'leaving'
    if (isWithAgent) this.#agent.stop(call.client, 'abandoned')
    this.#endTurn(call, atMs, outcome, kind)
  }

  #tooLong(call: OneCall, atMs: number): void {
    const { phase } = call
    const isInTurn = ['hearing', 'thinking', 'silence', 'answering'].includes(phase)
    const isUnanswered = isInTurn && !this.#isHeard(call, atMs)
    if (isUnanswered) this.#giveUpTurn(call, atMs, 'failed', 'protocol')
    else if (isInTurn) this.#giveUpTurn(call, atMs, 'completed', 'none')
    const said = call.turn + (isInTurn ? 1 : 0)
    this.#end(call, said >= call.plan.turns && !isUnanswered ? 'completed' : 'dropped', atMs)
  }

  #endTurn(call: OneCall, endedAtMs: number, outcome: Outcome, kind: ErrorKind): void {
    const { clients } = this.#world
    const { client, audibleAtMs } = call
    const isHeard = audibleAtMs <= endedAtMs
    clients.firstSeenAtMs[client] = isHeard ? audibleAtMs : NaN
    const frames = isHeard ? Math.round((endedAtMs - audibleAtMs) / frameMs) : 0
    call.patienceKey = 0
    this.#meter.heard(clients, client, endedAtMs, frames, outcome, kind)
  }

  #end(call: OneCall, ending: PhoneEnding, atMs: number): void {
    const { clients, meter, sound } = this.#world
    this.#bySession.delete(call.session)
    this.#byClient[call.client] = undefined
    meter.users--
    meter.sessionEnded()
    clients.giveBack(call.client)
    this.#record(call, ending, atMs)
    if (!Number.isNaN(call.answeredAtMs)) sound?.add(atMs, -1)
    this.chain.leave(call.session)
    this.places.leave(call.session, atMs)
  }

  #record(call: OneCall, ending: PhoneRecord['ending'], endedAtMs: number): void {
    const { session, scenario, offeredAtMs, grantedAtMs, answeredAtMs, interruptions, bargeInStopMs } = call
    this.#tell({
      kind: 'phone',
      session,
      scenario,
      offeredAtMs,
      grantedAtMs,
      answeredAtMs,
      endedAtMs,
      ending,
      interruptions,
      bargeInStopMs,
      talkedOver: 0,
      gaps: 0,
      longestGapMs: 0,
    })
  }

  #plan(call: OneCall, atMs: number): void {
    call.dueKey = this.#push(call, atMs)
  }

  #push(call: OneCall, atMs: number): number {
    this.#keys = (this.#keys % 0x7f_ff_ff_ff) + 1
    this.#world.queue.at(atMs).push(events.caller, call.client, this.#keys)
    return this.#keys
  }

  #planArrival(): void {
    this.#world.queue.at(this.#world.sessions.startMs(this.#arrivals)).push(events.arrival, 0, 0)
  }
}
