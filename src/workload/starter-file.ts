import { analystLoop } from './starters/analyst-loop.ts'
import { codingAssistant } from './starters/coding-assistant.ts'
import { customerSupport } from './starters/customer-support.ts'
import { fleetWithFallback } from './starters/fleet-with-fallback.ts'
import { launchDay } from './starters/launch-day.ts'
import { locustTasks } from './starters/locust-tasks.ts'
import { mailBacklog } from './starters/mail-backlog.ts'
import { researchAssistant } from './starters/research-assistant.ts'
import { simpleChatbot } from './starters/simple-chatbot.ts'
import { voiceIntake } from './starters/voice-intake.ts'
import { voiceReceptionist } from './starters/voice-receptionist.ts'

// The texts are modules, not files, so that they are there however the package was built. `examples/` is written
// from them by scripts/write-schema.ts.
const starters: Readonly<Record<string, string>> = {
  'simple-chatbot': simpleChatbot,
  'customer-support': customerSupport,
  'research-assistant': researchAssistant,
  'coding-assistant': codingAssistant,
  'analyst-loop': analystLoop,
  'launch-day': launchDay,
  'locust-tasks': locustTasks,
  'voice-receptionist': voiceReceptionist,
  'voice-intake': voiceIntake,
  'mail-backlog': mailBacklog,
  'fleet-with-fallback': fleetWithFallback,
}

/** The kinds of agents that there is a starter file for. */
export const starterNames: readonly string[] = Object.keys(starters)

/** The commented workload file that `plimsoll init` writes; throws for a name that is not in `starterNames`. */
export function starterFile(name: string): string {
  const text = Object.hasOwn(starters, name) ? starters[name] : undefined
  if (text === undefined) throw new RangeError(`there is no starter file ${name}`)
  return text
}
