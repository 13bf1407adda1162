import { rowLength, session, turn, TurnCalls } from './turn-calls.ts'

const none = -1

/**
 * The calls of turns that have not ended, found by session and turn. An open-addressing table with linear probing
 * and no tombstones (Knuth, The Art of Computer Programming 3, §6.4, Algorithm R) over rows that are used again:
 * nothing is allocated for a turn.
 */
export class OpenTurns {
  /** By place in the table: where a row of `#rows` begins. */
  #places = new Int32Array(64).fill(none)
  #rows = new Float64Array(64 * rowLength)
  #length = 0
  readonly #unused: number[] = []
  readonly #calls = new TurnCalls()

  /** The calls of a turn, none if it is not known yet; valid until asked again, of this or another. */
  of(ofSession: number, ofTurn: number): TurnCalls {
    const place = this.#placeOf(ofSession, ofTurn)
    const known = this.#places[place]!
    if (known !== none) return this.#calls.standOn(this.#rows, known)
    if (this.#unused.length === 0 && this.#length === this.#rows.length) this.#growRows()
    const row = this.#unused.pop() ?? (this.#length += rowLength) - rowLength
    this.#rows[row + session] = ofSession
    this.#rows[row + turn] = ofTurn
    this.#places[place] = row
    const open = this.#length / rowLength - this.#unused.length
    if (open * 2 > this.#places.length) this.#growPlaces()
    this.#calls.standOn(this.#rows, row).clear()
    return this.#calls
  }

  /** Takes the calls of a turn out, valid until asked again; undefined when it had none. */
  take(ofSession: number, ofTurn: number): TurnCalls | undefined {
    const place = this.#placeOf(ofSession, ofTurn)
    const row = this.#places[place]!
    if (row === none) return undefined
    this.#unused.push(row)
    this.#closeGap(place)
    return this.#calls.standOn(this.#rows, row)
  }

  /** Where a turn is, or where it would be. */
  #placeOf(ofSession: number, ofTurn: number): number {
    const places = this.#places
    const rows = this.#rows
    let place = this.#home(ofSession, ofTurn)
    for (;;) {
      const row = places[place]!
      if (row === none || (rows[row + turn] === ofTurn && rows[row + session] === ofSession)) return place
      place = (place + 1) & (places.length - 1)
    }
  }

  /** Moves what was pushed aside back, so that no search ends early. */
  #closeGap(at: number): void {
    const places = this.#places
    const mask = places.length - 1
    let gap = at
    for (let place = (at + 1) & mask; places[place] !== none; place = (place + 1) & mask) {
      const row = places[place]!
      const home = this.#home(this.#rows[row + session]!, this.#rows[row + turn]!)
      if (((place - home) & mask) < ((place - gap) & mask)) continue
      places[gap] = row
      gap = place
    }
    places[gap] = none
  }

  #home(ofSession: number, ofTurn: number): number {
    // Multiplicative hashing (Knuth, §6.4): the high bits of the product are the mixed ones.
    const product = Math.imul(ofSession + Math.imul(ofTurn, 0x85ebca6b), 0x9e3779b1)
    return (product >>> 12) & (this.#places.length - 1)
  }

  #growRows(): void {
    const rows = new Float64Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
  }

  #growPlaces(): void {
    const before = this.#places
    this.#places = new Int32Array(before.length * 2).fill(none)
    for (const row of before)
      if (row !== none) this.#places[this.#placeOf(this.#rows[row + session]!, this.#rows[row + turn]!)] = row
  }
}
