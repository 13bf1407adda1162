import type { PhoneEnding, PhoneRecord } from '../../result/phone-records.ts'
import type { ErrorKind, Outcome } from '../../result/records.ts'
import { callerHabits } from '../../sessions/call-plan.ts'
import { failuresUntilPerson, type Phone } from '../../workload/phone.ts'
import { frameMs } from '../../workload/utterances.ts'
import type { VoiceAgentRules } from '../../workload/voice-agent.ts'
import { voiceAgentOf } from '../../workload/voice-agent-schema.ts'
import type { Agent } from '../agent.ts'
import { emptyPhone } from '../empty-records.ts'
import { events } from '../events.ts'
import type { Window } from '../meter.ts'
import type { World } from '../world.ts'
import { AgentPlaces } from './agent-places.ts'
import { CallChain } from './call-chain.ts'
import { CallDraws } from './call-draws.ts'
import type { CallMeter } from './call-meter.ts'
import { CallTimers } from './call-timers.ts'
import { PhoneCalls } from './phone-calls.ts'
import { Speech } from './speech.ts'

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
  readonly #rules: VoiceAgentRules
  readonly #calls = new PhoneCalls()
  readonly #draws: CallDraws
  readonly #timers: CallTimers
  readonly #speech: Speech
  readonly #tell: (record: Readonly<PhoneRecord>) => void
  readonly #record = emptyPhone()
  /** Calls that came within the window. */
  offered = 0
  #arrivals = 0

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
    this.#tell = tell
    this.#rules = world.workload.agent.voice ?? voiceAgentOf()
    this.#speech = new Speech(world.uniforms, phone, this.#rules)
    this.#draws = new CallDraws(world, this.#calls, phone, this.#speech)
    this.#timers = new CallTimers(world.queue, this.#calls)
    this.chain = new CallChain(world, this.#calls, phone, meter.window, {
      granted: (call) => this.#granted(call),
      blocked: (call) => this.#end(call, 'blocked'),
      tooLong: (call) => this.#tooLong(call),
    })
    this.places = new AgentPlaces(world.workload.agent.servers ?? 1, this.#rules, meter, {
      served: (call) => this.#served(call),
      turnedAway: (call) => this.#turnAway(call),
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
    const client = clients.take()
    const call = clients.ordinalOf(client)
    clients.session[client] = this.#arrivals++
    this.#calls.begin(call, queue.atMs)
    this.#draws.begin(call)
    if (meter.isMeasuring) this.offered++
    meter.users.add(1)
    meter.sessionStarted()
    this.#planArrival()
    this.chain.arrive(call)
  }

  /** What was planned for a call has come, if it still holds. */
  due(call: number, key: number): void {
    if (this.#calls.patienceKey[call] === key) this.#loseHeart(call)
    else if (this.#calls.dueKey[call] === key) this.#goOn(call)
  }

  /** Of `Agent`: the model has answered, or the agent failed to. */
  turnEnded(client: number): void {
    const call = this.#world.clients.ordinalOf(client)
    if (this.#calls.phase[call] !== 'thinking') return
    if (this.#meter.last.outcome === 'completed') this.#answer(call)
    else this.#fallBack(call)
  }

  /** The run is over: whoever is on the line still is. */
  cut(atMs: number): void {
    const { clients } = this.#world
    const { phase } = this.#calls
    const open = [...phase.keys()].filter((call) => (phase[call] ?? 'over') !== 'over')
    const sessionOf = (call: number): number => clients.session[clients.at(call)]!
    for (const call of open.sort((a, b) => sessionOf(a) - sessionOf(b))) {
      this.#record.endedAtMs = atMs
      this.#tellOf(call, 'cut')
    }
  }

  #granted(call: number): void {
    const { clients, queue, workload } = this.#world
    const calls = this.#calls
    const client = clients.at(call)
    calls.grantedAtMs[call] = queue.atMs
    const { priority = 0 } = workload.scenarios[clients.scenario[client]!]!
    const seat = this.places.arrive(call, priority)
    if (seat === 'served') return this.#served(call)
    if (seat === 'refused') return this.#end(call, 'blocked')
    this.#up(call)
    calls.phase[call] = 'onHold'
    this.#timers.after(this.#rules.hold.forMs).plan(call)
    this.#draws.patience(call)
    this.#timers.after(calls.drawnMs[call]!).planLosingHeart(call)
  }

  #served(call: number): void {
    const calls = this.#calls
    if (Number.isNaN(calls.answeredAtMs[call]!)) this.#up(call)
    calls.patienceKey[call] = 0
    calls.phase[call] = 'waiting'
    this.#timers.after(Math.max(callerHabits.firstWordsMs, this.#speech.greetingMs)).plan(call)
  }

  /** The agent takes the call: from now on its sound comes and goes. */
  #up(call: number): void {
    this.#calls.answeredAtMs[call] = this.#world.queue.atMs
    this.#world.sound?.add(1)
  }

  #turnAway(call: number): void {
    this.#leaveAfter(call, 'dropped', this.#speech.busyMs)
  }

  #leaveAfter(call: number, ending: PhoneEnding, ms: number): void {
    const calls = this.#calls
    calls.phase[call] = 'leaving'
    calls.leavesAs[call] = ending
    calls.patienceKey[call] = 0
    this.#timers.after(ms).plan(call)
  }

  #goOn(call: number): void {
    const { phase } = this.#calls
    const now = phase[call]!
    switch (now) {
      case 'onHold':
        return this.#turnAway(call)
      case 'waiting':
        return this.#speakOrLeave(call)
      case 'speaking':
        return this.#listen(call)
      case 'hearing':
        phase[call] = 'thinking'
        return this.#agent.arrive(this.#world.clients.at(call))
      case 'answering':
        return this.#heardIt(call)
      case 'leaving':
        return this.#end(call, this.#calls.leavesAs[call]!)
      case 'offered':
      case 'thinking':
      case 'silence':
      case 'over':
        throw new Error(`nothing is planned for a call that is ${now}`)
      default:
        now satisfies never
    }
  }

  #speakOrLeave(call: number): void {
    const { clients } = this.#world
    const client = clients.at(call)
    const turn = clients.turn[client]!
    if (turn >= clients.turns[client]!) this.#end(call, 'completed')
    else if (turn === this.#calls.pressesAt[call]) this.#leaveAfter(call, 'escalated', this.#speech.personMs)
    else if (this.#draws.isSilent(call, turn)) this.#nextTurn(call, 0)
    else this.#speak(call)
  }

  #speak(call: number): void {
    this.#calls.phase[call] = 'speaking'
    this.#timers.after(this.#draws.saidMs(call)).plan(call)
  }

  #listen(call: number): void {
    const { clients, meter, queue } = this.#world
    const calls = this.#calls
    const client = clients.at(call)
    const { atMs } = queue
    clients.intendedAtMs[client] = atMs
    clients.sentAtMs[client] = atMs
    clients.firstSeenAtMs[client] = NaN
    clients.clearParts(client)
    meter.turnStarted()
    calls.audibleAtMs[call] = NaN
    calls.phase[call] = 'hearing'
    this.#draws.patience(call)
    this.#timers.after(Math.min(calls.drawnMs[call]!, callerHabits.answerWithinMs)).planLosingHeart(call)
    this.#draws.hearing(call)
    this.#timers.after(calls.drawnMs[call]!).plan(call)
  }

  #answer(call: number): void {
    const { clients, queue } = this.#world
    const { audibleAtMs, drawnMs, failures, answers, handOffAfter, playsUntilMs } = this.#calls
    const speech = this.#speech
    const { tokens } = this.#meter.last
    const seenAtMs = clients.firstSeenAtMs[clients.at(call)]!
    this.#draws.firstSound(call)
    const spokenFromMs = seenAtMs + speech.firstSentenceMs(tokens, queue.atMs - seenAtMs) + drawnMs[call]!
    audibleAtMs[call] = Math.max(spokenFromMs, playsUntilMs[call]!)
    playsUntilMs[call] = Math.max(audibleAtMs[call] + speech.answerMs(tokens), queue.atMs + drawnMs[call]!)
    failures[call] = 0
    if (++answers[call]! >= handOffAfter[call]!) this.#toPerson(call)
    this.#beHeard(call)
  }

  /** The agent says that it cannot answer, then puts the caller through; or it says nothing. */
  #fallBack(call: number): void {
    const { audibleAtMs, failures, phase, playsUntilMs } = this.#calls
    if (!this.#rules.strategies.fallbacks) {
      phase[call] = 'silence'
      return
    }
    audibleAtMs[call] = Math.max(this.#world.queue.atMs, playsUntilMs[call]!)
    playsUntilMs[call] = audibleAtMs[call]
    if (++failures[call]! >= failuresUntilPerson) this.#toPerson(call)
    else playsUntilMs[call] += this.#speech.sorryMs
    this.#beHeard(call)
  }

  #toPerson(call: number): void {
    this.#calls.leavesAs[call] = 'escalated'
    this.#calls.playsUntilMs[call]! += this.#speech.personMs
  }

  #beHeard(call: number): void {
    const { atMs } = this.#world.queue
    const { audibleAtMs, drawnMs, interruptsAtMs, phase, playsUntilMs } = this.#calls
    this.#draws.listening(call)
    interruptsAtMs[call] = Math.max(atMs, audibleAtMs[call]! + drawnMs[call]!)
    phase[call] = 'answering'
    if (interruptsAtMs[call] < playsUntilMs[call]! && this.#mayInterrupt(call)) {
      this.#timers.at(interruptsAtMs[call]).plan(call)
      return
    }
    interruptsAtMs[call] = NaN
    this.#timers.at(Math.max(atMs, playsUntilMs[call]!)).plan(call)
  }

  /** Nobody speaks into the words that put them through, and something must be left to say for whoever does. */
  #mayInterrupt(call: number): boolean {
    const { clients } = this.#world
    const client = clients.at(call)
    const next = clients.turn[client]! + 1
    if (this.#calls.leavesAs[call] || next >= clients.turns[client]!) return false
    return next !== this.#calls.pressesAt[call] && !this.#draws.isSilent(call, next)
  }

  #heardIt(call: number): void {
    const { clients, queue } = this.#world
    const { atMs } = queue
    const { interruptsAtMs, leavesAs, playsUntilMs } = this.#calls
    const client = clients.at(call)
    if (Number.isNaN(interruptsAtMs[call]!)) {
      clients.endedAtMs[client] = playsUntilMs[call]!
      this.#endTurn(call, 'completed', 'none')
      if (leavesAs[call]) this.#end(call, leavesAs[call])
      else this.#nextTurn(call, callerHabits.answerOverMs)
      return
    }
    clients.endedAtMs[client] = atMs
    this.#endTurn(call, 'completed', 'none')
    const stopMs = this.#speech.stopMs(playsUntilMs[call]! - atMs)
    this.#calls.interrupted(call, stopMs)
    playsUntilMs[call] = atMs + stopMs
    clients.turn[client]!++
    this.#speak(call)
  }

  /** Turn k of n is due k/n into the call, and not before the caller knows that the answer is over. */
  #nextTurn(call: number, leastPauseMs: number): void {
    const { clients, queue } = this.#world
    const { answeredAtMs, drawnMs, durationMs, phase } = this.#calls
    const client = clients.at(call)
    const turn = ++clients.turn[client]!
    const pacedMs = answeredAtMs[call]! + (durationMs[call]! * turn) / clients.turns[client]!
    this.#draws.pause(call)
    phase[call] = 'waiting'
    this.#timers.at(Math.max(pacedMs, queue.atMs + Math.max(leastPauseMs, drawnMs[call]!))).plan(call)
  }

  #loseHeart(call: number): void {
    const calls = this.#calls
    calls.patienceKey[call] = 0
    if (calls.phase[call] === 'onHold') return this.#end(call, 'abandoned')
    if (this.#isHeard(call)) return
    this.#draws.patience(call)
    const isPatient = calls.drawnMs[call]! > callerHabits.answerWithinMs
    this.#giveUpTurn(call, isPatient ? 'failed' : 'abandoned', isPatient ? 'timeout' : 'abandoned')
    this.#end(call, 'abandoned')
  }

  /** Whether the answer sounds; one that is still being written may. */
  #isHeard(call: number): boolean {
    const { clients, queue } = this.#world
    const { audibleAtMs, drawnMs, phase } = this.#calls
    if (phase[call] !== 'thinking') return audibleAtMs[call]! <= queue.atMs
    this.#draws.firstSound(call)
    return this.#agent.hasSeenBy(clients.at(call), queue.atMs - drawnMs[call]!)
  }

  #giveUpTurn(call: number, outcome: Outcome, kind: ErrorKind): void {
    const { clients, queue } = this.#world
    const { phase } = this.#calls
    const client = clients.at(call)
    const isWithAgent = phase[call] === 'thinking'
    phase[call] = 'leaving'
    if (isWithAgent) this.#agent.stop(client, 'abandoned')
    clients.endedAtMs[client] = queue.atMs
    this.#endTurn(call, outcome, kind)
  }

  #tooLong(call: number): void {
    const { clients } = this.#world
    const client = clients.at(call)
    const isInTurn = this.#calls.isInTurn(call)
    const isUnanswered = isInTurn && !this.#isHeard(call)
    if (isUnanswered) this.#giveUpTurn(call, 'failed', 'protocol')
    else if (isInTurn) this.#giveUpTurn(call, 'completed', 'none')
    const said = clients.turn[client]! + (isInTurn ? 1 : 0)
    this.#end(call, said >= clients.turns[client]! && !isUnanswered ? 'completed' : 'dropped')
  }

  /** The turn is over for the caller, at its `endedAtMs`. */
  #endTurn(call: number, outcome: Outcome, kind: ErrorKind): void {
    const { clients } = this.#world
    const client = clients.at(call)
    const { endedAtMs, firstSeenAtMs } = clients
    const audibleAtMs = this.#calls.audibleAtMs[call]!
    const isHeard = audibleAtMs <= endedAtMs[client]!
    firstSeenAtMs[client] = isHeard ? audibleAtMs : NaN
    const frames = isHeard ? Math.round((endedAtMs[client]! - audibleAtMs) / frameMs) : 0
    this.#calls.patienceKey[call] = 0
    this.#meter.heard(clients, client, frames, outcome, kind)
  }

  #end(call: number, ending: PhoneEnding): void {
    const { clients, meter, queue, sound } = this.#world
    const client = clients.at(call)
    meter.users.add(-1)
    meter.sessionEnded()
    clients.giveBack(client)
    this.#calls.end(call)
    this.#record.endedAtMs = queue.atMs
    this.#tellOf(call, ending)
    if (!Number.isNaN(this.#calls.answeredAtMs[call]!)) sound?.add(-1)
    this.chain.leave(call)
    this.places.leave(call)
  }

  /** Tells of a call whose end the record says already. */
  #tellOf(call: number, ending: PhoneRecord['ending']): void {
    const { clients } = this.#world
    const { answeredAtMs, bargeInStopMs, grantedAtMs, offeredAtMs } = this.#calls
    const record = this.#record
    record.session = clients.session[clients.at(call)]!
    record.scenario = clients.scenario[clients.at(call)]!
    record.offeredAtMs = offeredAtMs[call]!
    record.grantedAtMs = grantedAtMs[call]!
    record.answeredAtMs = answeredAtMs[call]!
    record.ending = ending
    record.bargeInStopMs = bargeInStopMs[call]!
    record.interruptions = record.bargeInStopMs.length
    this.#tell(record)
  }

  #planArrival(): void {
    this.#world.queue.at(this.#world.sessions.startMs(this.#arrivals)).push(events.arrival, 0, 0)
  }
}
