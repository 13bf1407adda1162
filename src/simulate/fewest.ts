/** More than anything counts: a place that is never the one with the fewest while another is open. */
const closed = 2 ** 31 - 1

/**
 * Counts by place, and the first place of those with the fewest: a tournament (Knuth, The Art of Computer Programming 3,
 * §5.2.3), so that thousands of places take little longer than ten.
 */
export class Fewest {
  /** The winner's count of each match, from 1 on; the players stand behind them. */
  readonly #counts: Int32Array
  readonly #matches: number

  constructor(places: number) {
    this.#matches = 2 ** Math.ceil(Math.log2(Math.max(1, places)))
    this.#counts = new Int32Array(2 * this.#matches).fill(closed)
    for (let place = 0; place < places; place++) this.set(place, 0)
  }

  get first(): number {
    const counts = this.#counts
    let player = 1
    while (player < this.#matches) {
      player *= 2
      if (counts[player + 1]! < counts[player]!) player++
    }
    return player - this.#matches
  }

  add(place: number, by: number): void {
    this.set(place, this.#counts[this.#matches + place]! + by)
  }

  set(place: number, count: number): void {
    const counts = this.#counts
    let player = this.#matches + place
    counts[player] = count
    while (player > 1) {
      player >>= 1
      const winner = Math.min(counts[2 * player]!, counts[2 * player + 1]!)
      if (counts[player] === winner) return
      counts[player] = winner
    }
  }

  close(place: number): void {
    this.set(place, closed)
  }
}
