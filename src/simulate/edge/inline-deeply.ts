// Edge file: how V8 compiles the code of this process.
import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8 compile an event with all that it calls as one piece, before anything is simulated. At its own limit of 920
 * bytes of bytecode it leaves half of the calls in: without, an event takes 2 to 10 % more. It also leaves in what not
 * every seventh event calls, however short, and an instant handed to it is an object. For who owns the process: the CLI and
 * the benches, not the library.
 */
export function inlineDeeply(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=8000')
  setFlagsFromString('--min-inlining-frequency=0.02')
}
