import { longer } from '../../src/stats/columns.ts'
import { Due, type PendingEvents, Slots } from './pending-events.ts'

const none = -1

/** Fredman, Sedgewick, Sleator & Tarjan 1986, merged in two passes; nodes are slots, links are numbers. */
export class PairingHeap extends Due implements PendingEvents {
  atMs = 0
  subject = 0
  length = 0
  #root = none
  #times = new Float64Array(64)
  #orders = new Float64Array(64)
  #child = new Int32Array(64)
  #sibling = new Int32Array(64)
  readonly #events = new Slots()
  #pushed = 0

  push(kind: number, subject: number, generation: number): void {
    const atMs = this.dueMs
    if (this.length === this.#times.length) this.#grow()
    const node = this.#events.take(kind, subject, generation)
    this.#times[node] = atMs
    this.#orders[node] = this.#pushed++
    this.#child[node] = this.#sibling[node] = none
    this.#root = this.#root === none ? node : this.#meld(this.#root, node)
    this.length++
  }

  pop(): boolean {
    const root = this.#root
    if (root === none) return false
    this.atMs = this.#times[root]!
    this.subject = this.#events.payloads[root * 3 + 1]!
    this.#events.give(root)
    this.length--
    // Children in pairs from the left, then the pairs from the right.
    const sibling = this.#sibling
    let pairs = none
    let node = this.#child[root]!
    while (node !== none) {
      const second = sibling[node]!
      if (second === none) {
        sibling[node] = pairs
        pairs = node
        break
      }
      const next = sibling[second]!
      const pair = this.#meld(node, second)
      sibling[pair] = pairs
      pairs = pair
      node = next
    }
    let merged = pairs
    if (merged !== none) {
      let rest = sibling[merged]!
      sibling[merged] = none
      while (rest !== none) {
        const next = sibling[rest]!
        merged = this.#meld(merged, rest)
        rest = next
      }
      sibling[merged] = none
    }
    this.#root = merged
    return true
  }

  #meld(a: number, b: number): number {
    const times = this.#times
    const before = times[a]! < times[b]! || (times[a] === times[b] && this.#orders[a]! < this.#orders[b]!)
    const [parent, child] = before ? [a, b] : [b, a]
    this.#sibling[child] = this.#child[parent]!
    this.#child[parent] = child
    return parent
  }

  #grow(): void {
    const length = this.#times.length * 2
    this.#times = longer(this.#times, length)
    this.#orders = longer(this.#orders, length)
    this.#child = longer(this.#child, length)
    this.#sibling = longer(this.#sibling, length)
  }
}
