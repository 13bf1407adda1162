import type { Plot } from './browser-types.ts'

interface Drawn {
  readonly options: {
    readonly axes: readonly { readonly incrs?: readonly number[] }[]
    readonly series: readonly { readonly points?: { readonly show: boolean } }[]
    readonly hooks: Readonly<Record<string, readonly ((plot: unknown) => void)[]>>
  }
  readonly over: FakeElement
}

/** As much of an element as the scripts of pages use. */
export class FakeElement {
  readonly dataset: Record<string, string> = {}
  readonly style: Record<string, string> = {}
  readonly clientWidth = 400
  textContent = ''
  hidden = false
  children: FakeElement[] = []

  append(...children: FakeElement[]): void {
    this.children.push(...children)
  }

  replaceChildren(...children: FakeElement[]): void {
    this.children = children
  }
}

/** A browser's window without a browser, and all that is drawn in it. */
export function fakeWindow(elementOf: (id: string) => FakeElement, places: readonly FakeElement[] = []) {
  const drawn: Drawn[] = []
  class uPlot implements Pick<Plot, 'destroy'> {
    readonly over = new FakeElement()
    constructor(options: Drawn['options']) {
      drawn.push({ options, over: this.over })
    }
    destroy(): void {}
  }
  const window = {
    uPlot,
    devicePixelRatio: 1,
    document: {
      documentElement: new FakeElement(),
      getElementById: elementOf,
      querySelectorAll: () => places,
      createElement: () => new FakeElement(),
    },
    ResizeObserver: class {
      observe(): void {}
    },
    getComputedStyle: () => ({ getPropertyValue: (name: string) => name }),
    matchMedia: () => ({ addEventListener: () => {} }),
    requestAnimationFrame: (draw: () => void) => draw(),
  }
  return { window, drawn }
}
