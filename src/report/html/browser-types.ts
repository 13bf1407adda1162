// The few parts of a browser and of uPlot that the page's script uses: the program itself is compiled without a DOM.

export interface PageElement {
  readonly dataset: Readonly<Record<string, string | undefined>>
  readonly clientWidth: number
  readonly offsetWidth: number
  textContent: string | null
  className: string
  hidden: boolean
  role: string
  ariaLabel: string
  readonly style: Record<string, string>
  append(...children: (PageElement | string)[]): void
  replaceChildren(...children: (PageElement | string)[]): void
}

export interface Page {
  readonly documentElement: PageElement
  getElementById(id: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
  createElement(name: string): PageElement
}

export interface Canvas {
  globalAlpha: number
  strokeStyle: string
  fillStyle: string
  lineWidth: number
  font: string
  textAlign: 'left' | 'right' | 'center'
  textBaseline: 'top' | 'middle' | 'bottom'
  save(): void
  restore(): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  stroke(): void
  fillRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number): void
  measureText(text: string): { readonly width: number }
  setLineDash(dash: readonly number[]): void
}

export interface Plot {
  readonly ctx: Canvas
  readonly bbox: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  }
  readonly cursor: { readonly idx: number | null; readonly left: number; readonly top: number }
  readonly over: PageElement
  valToPos(value: number, scale: string, canvasPixels: boolean): number
  setSize(size: { readonly width: number; readonly height: number }): void
  destroy(): void
}

export type PlotConstructor = new (
  options: Readonly<Record<string, unknown>>,
  data: readonly (readonly (number | null)[])[],
  into: PageElement,
) => Plot

interface MediaQuery {
  readonly matches: boolean
  addEventListener(name: 'change', listener: () => void): void
}

export interface BrowserWindow {
  readonly document: Page
  readonly uPlot: PlotConstructor
  readonly devicePixelRatio: number
  readonly ResizeObserver: new (listener: () => void) => { observe(element: PageElement): void }
  getComputedStyle(element: PageElement): { getPropertyValue(name: string): string }
  matchMedia(query: string): MediaQuery
  requestAnimationFrame(callback: () => void): void
}
