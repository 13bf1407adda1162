import { TurnCalls } from './turn-calls.ts'

const none = -1

/**
 * The calls of turns that have not ended, found by session and turn. An open-addressing table with linear probing
 * and no tombstones (Knuth, The Art of Computer Programming 3, §6.4, Algorithm R) over tallies that are used again:
 * nothing is allocated for a turn.
 */
export class OpenTurns {
  /** By place in the table: an index into `#calls`. */
  #places = new Int32Array(64).fill(none)
  readonly #calls: TurnCalls[] = []
  /** Of `#calls`, whose they are now. */
  readonly #sessions: number[] = []
  readonly #turns: number[] = []
  readonly #unused: number[] = []

  /** The calls of a turn, none if it is not known yet. */
  of(session: number, turn: number): TurnCalls {
    const place = this.#placeOf(session, turn)
    const known = this.#places[place]!
    if (known !== none) return this.#calls[known]!
    const index = this.#unused.pop() ?? this.#calls.push(new TurnCalls()) - 1
    this.#calls[index]!.clear()
    this.#sessions[index] = session
    this.#turns[index] = turn
    this.#places[place] = index
    if ((this.#calls.length - this.#unused.length) * 2 > this.#places.length) this.#grow()
    return this.#calls[index]!
  }

  /** Takes the calls of a turn out, valid until the next `of`; undefined when it had none. */
  take(session: number, turn: number): TurnCalls | undefined {
    const place = this.#placeOf(session, turn)
    const index = this.#places[place]!
    if (index === none) return undefined
    this.#unused.push(index)
    this.#closeGap(place)
    return this.#calls[index]
  }

  /** Where a turn is, or where it would be. */
  #placeOf(session: number, turn: number): number {
    const places = this.#places
    let place = this.#home(session, turn)
    for (;;) {
      const index = places[place]!
      if (index === none || (this.#turns[index] === turn && this.#sessions[index] === session)) return place
      place = (place + 1) & (places.length - 1)
    }
  }

  /** Moves what was pushed aside back, so that no search ends early. */
  #closeGap(at: number): void {
    const places = this.#places
    const mask = places.length - 1
    let gap = at
    for (let place = (at + 1) & mask; places[place] !== none; place = (place + 1) & mask) {
      const index = places[place]!
      const home = this.#home(this.#sessions[index]!, this.#turns[index]!)
      if (((place - home) & mask) < ((place - gap) & mask)) continue
      places[gap] = index
      gap = place
    }
    places[gap] = none
  }

  #home(session: number, turn: number): number {
    // Multiplicative hashing (Knuth, §6.4): the high bits of the product are the mixed ones.
    return (Math.imul(session + Math.imul(turn, 0x85ebca6b), 0x9e3779b1) >>> 12) & (this.#places.length - 1)
  }

  #grow(): void {
    const before = this.#places
    this.#places = new Int32Array(before.length * 2).fill(none)
    for (const index of before)
      if (index !== none) this.#places[this.#placeOf(this.#sessions[index]!, this.#turns[index]!)] = index
  }
}
