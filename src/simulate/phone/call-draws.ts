import { CallerDraws } from '../../sessions/call-plan.ts'
import { uniformOf } from '../../sessions/uniform.ts'
import { latestHandOff, type Phone } from '../../workload/phone.ts'
import { utteranceMs } from '../../workload/utterances.ts'
import { purposes } from '../events.ts'
import type { World } from '../world.ts'
import type { PhoneCalls } from './phone-calls.ts'
import type { Speech } from './speech.ts'

/** What is drawn for calls, into their rows: the next step of one as its `drawnMs`. */
export class CallDraws {
  readonly #world: World
  readonly #calls: PhoneCalls
  readonly #caller: CallerDraws
  readonly #speech: Speech
  readonly #handedOff: number

  constructor(world: World, calls: PhoneCalls, phone: Phone, speech: Speech) {
    this.#world = world
    this.#calls = calls
    this.#caller = new CallerDraws(world.uniforms, phone)
    this.#speech = speech
    this.#handedOff = phone.handOff?.share ?? 0
  }

  /** What is known of a call before it begins, its session being known. */
  begin(call: number): void {
    const { clients, durations, sessions, uniforms } = this.#world
    const client = clients.at(call)
    const session = clients.session[client]!
    const turns = sessions.turns(session)
    clients.scenario[client] = sessions.scenario(session)
    clients.turn[client] = 0
    clients.turns[client] = turns
    durations.call(this.#calls.durationMs, call, session)
    this.#calls.pressesAt[call] = this.#caller.pressesAt(session, turns)
    const isHandedOff = uniformOf(uniforms.bitsAt(session, 0, 0, 0, purposes.handOff)) < this.#handedOff
    const at = uniformOf(uniforms.bitsAt(session, 0, 0, 0, purposes.handOffAt))
    this.#calls.handOffAfter[call] = isHandedOff ? 1 + Math.floor(at * latestHandOff) : Infinity
  }

  /** How long the caller waits for an answer in this turn. */
  patience(call: number): void {
    this.#world.durations.patience(this.#calls.drawnMs, call, this.#session(call), this.#turn(call))
  }

  /** From the end of what the caller says until the agent has its text. */
  hearing(call: number): void {
    this.#speech.hearMs(this.#calls.drawnMs, call, this.#session(call), this.#turn(call))
  }

  /** From the first text that can be spoken to its first sound. */
  firstSound(call: number): void {
    this.#speech.firstSoundMs(this.#calls.drawnMs, call, this.#session(call), this.#turn(call))
  }

  /** Between the last answer and this turn. */
  pause(call: number): void {
    this.#caller.pauseMs(this.#calls.drawnMs, call, this.#session(call), this.#turn(call))
  }

  /** How long the caller listens to the answer before speaking into it; Infinity: to its end. */
  listening(call: number): void {
    this.#caller.interruptsAfterMs(this.#calls.drawnMs, call, this.#session(call), this.#turn(call))
  }

  /** Whether the caller says nothing where a turn would be. */
  isSilent(call: number, turn: number): boolean {
    return this.#caller.isSilent(this.#session(call), turn)
  }

  /** How long it takes to say what the caller says in this turn. */
  saidMs(call: number): number {
    return utteranceMs(this.#world.sessions.text(this.#session(call), this.#turn(call)))
  }

  #session(call: number): number {
    const { clients } = this.#world
    return clients.session[clients.at(call)]!
  }

  #turn(call: number): number {
    const { clients } = this.#world
    return clients.turn[clients.at(call)]!
  }
}
