/**
 * The machine repairman as the shortest program on arrays of numbers: a 4-ary heap, a ring for the line, one generator of
 * random bits and a logarithm a draw. It knows no workload, tells nobody of a turn and sums nothing but times. How fast it
 * is, the machine and V8 are: a ruler for figures from other machines and other hours. So it shares nothing with what it
 * measures, its heap included; the mean turn that it prints shows that it is the same model.
 *
 *   node bench/simulate/bare-loop.ts SEED
 */
const users = 50
const turns = 1_000_000
const thinkMeanSeconds = 30
const repairMeanSeconds = 3
const repairmen = 5

function repair(turns: number, seed: number): { events: number; meanTurnSeconds: number } {
  const random = new Random(seed)
  const heap = new Heap(users)
  const line = new Int32Array(2 ** Math.ceil(Math.log2(users + 1)))
  const broken = new Uint8Array(users)
  const brokeAt = new Float64Array(users)
  let head = 0
  let tail = 0
  let busy = 0
  let events = 0
  let ended = 0
  let sum = 0
  for (let user = 0; user < users; user++) heap.push(random.exponential(thinkMeanSeconds), user)
  while (ended < turns) {
    const user = heap.pop()
    const { at } = heap
    events++
    if (broken[user] === 0) {
      broken[user] = 1
      brokeAt[user] = at
      if (busy < repairmen) {
        busy++
        heap.push(at + random.exponential(repairMeanSeconds), user)
      } else line[tail++ & (line.length - 1)] = user
    } else {
      broken[user] = 0
      ended++
      sum += at - brokeAt[user]!
      heap.push(at + random.exponential(thinkMeanSeconds), user)
      if (head === tail) busy--
      else heap.push(at + random.exponential(repairMeanSeconds), line[head++ & (line.length - 1)]!)
    }
  }
  return { events, meanTurnSeconds: sum / turns }
}

/** xoshiro128** (Blackman and Vigna, 2018). */
class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number) {
    this.#a = seed | 1
    this.#b = 0x9e3779b9 | 0
    this.#c = 0x243f6a88
    this.#d = 0xb7e15162 | 0
  }

  exponential(mean: number): number {
    const uniform = ((this.#bits() >>> 5) * 67_108_864 + (this.#bits() >>> 6) + 0.5) * 2 ** -53
    return -Math.log(uniform) * mean
  }

  #bits(): number {
    const fivefold = Math.imul(this.#b, 5)
    const bits = Math.imul((fivefold << 7) | (fivefold >>> 25), 9)
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return bits
  }
}

/** By instant and, at the same one, by when they were pushed. */
class Heap {
  at = 0
  readonly #times: Float64Array
  readonly #orders: Float64Array
  readonly #users: Int32Array
  #length = 0
  #pushed = 0

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity)
    this.#orders = new Float64Array(capacity)
    this.#users = new Int32Array(capacity)
  }

  push(at: number, user: number): void {
    const times = this.#times
    const orders = this.#orders
    const users = this.#users
    let index = this.#length++
    while (index > 0) {
      const parent = (index - 1) >> 2
      if (times[parent]! <= at) break
      times[index] = times[parent]!
      orders[index] = orders[parent]!
      users[index] = users[parent]!
      index = parent
    }
    times[index] = at
    orders[index] = this.#pushed++
    users[index] = user
  }

  pop(): number {
    const user = this.#users[0]!
    this.at = this.#times[0]!
    const last = --this.#length
    if (last > 0) this.#sink(this.#times[last]!, this.#orders[last]!, this.#users[last]!, last)
    return user
  }

  #sink(at: number, order: number, user: number, length: number): void {
    const times = this.#times
    const orders = this.#orders
    const users = this.#users
    let index = 0
    for (;;) {
      let child = 4 * index + 1
      if (child >= length) break
      const end = child + 4 < length ? child + 4 : length
      let childAt = times[child]!
      for (let other = child + 1; other < end; other++) {
        const otherAt = times[other]!
        if (otherAt < childAt || (otherAt === childAt && orders[other]! < orders[child]!)) {
          child = other
          childAt = otherAt
        }
      }
      if (childAt > at || (childAt === at && orders[child]! > order)) break
      times[index] = childAt
      orders[index] = orders[child]!
      users[index] = users[child]!
      index = child
    }
    times[index] = at
    orders[index] = order
    users[index] = user
  }
}

const seed = Number(process.argv[2])
repair(turns / 10, seed + 1)
const startedAtMs = performance.now()
const startedCpu = process.cpuUsage()
const { events, meanTurnSeconds } = repair(turns, seed)
const { user, system } = process.cpuUsage(startedCpu)
const seconds = (performance.now() - startedAtMs) / 1000
console.log(JSON.stringify({ events, seconds, cpuSeconds: (user + system) / 1e6, meanTurnSeconds }))
