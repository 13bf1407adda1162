import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** One verb of a TwiML answer: `<Connect>`, with the nouns that stand in it. */
export interface TwimlVerb {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly nouns: readonly TwimlVerb[]
}

/** A stream that `<Connect>` opens. */
export interface TwimlStream {
  readonly url: string
  readonly parameters: Readonly<Record<string, string>>
}

type Node = Readonly<Record<string, unknown>>

/** Characters of a document, as Twilio takes it. */
export const longestTwiml = 64_000

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
})

/** The verbs of a TwiML document, in order; a text says why it is none. Never throws. */
export function readTwiml(text: string): readonly TwimlVerb[] | string {
  if (text.length > longestTwiml) return `TwiML is at most ${longestTwiml} characters long`
  const valid = XMLValidator.validate(text)
  if (valid !== true) return `not XML: ${valid.err.msg}`
  let document: readonly TwimlVerb[]
  try {
    document = verbsOf(parser.parse(text) as readonly Node[])
  } catch (error) {
    return `not XML: ${(error as Error).message}`
  }
  const root = document.find(({ name }) => name !== '?xml')
  return root?.name === 'Response' ? root.nouns : 'no <Response> in the TwiML'
}

function verbsOf(nodes: readonly Node[]): TwimlVerb[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@')
    if (name === undefined || name === '#text') return []
    const inside = node[name] as readonly Node[]
    const text = inside.map((each) => each['#text']).filter((each) => typeof each === 'string')
    const attributes = (node[':@'] ?? {}) as Readonly<Record<string, string>>
    return [{ name, attributes, text: text.join('').trim(), nouns: verbsOf(inside) }]
  })
}

/** What a `<Connect>` streams to; undefined where it connects to something else. */
export function streamOf(verb: TwimlVerb): TwimlStream | undefined {
  if (verb.name !== 'Connect') return undefined
  const stream = verb.nouns.find(({ name }) => name === 'Stream')
  const url = stream?.attributes['url']
  if (!stream || url === undefined) return undefined
  const given = stream.nouns.filter(({ name }) => name === 'Parameter')
  const parameters = given.map(({ attributes }) => [attributes['name'] ?? '', attributes['value'] ?? ''])
  return { url, parameters: Object.fromEntries(parameters) as Record<string, string> }
}

/** Verbs that hand the caller to somebody else. */
export const isHandOff = ({ name }: TwimlVerb): boolean =>
  name === 'Dial' || name === 'Enqueue' || name === 'Refer'

/** A TwiML document that streams a call to an address. */
export function streamTwiml({ url, parameters }: TwimlStream): string {
  const inside = Object.entries(parameters).map(
    ([name, value]) => `<Parameter name="${escaped(name)}" value="${escaped(value)}"/>`,
  )
  return twiml(`<Connect><Stream url="${escaped(url)}">${inside.join('')}</Stream></Connect>`)
}

/** A TwiML document that hands the caller to a telephone number. */
export const dialTwiml = (number: string): string => twiml(`<Dial>${escaped(number)}</Dial>`)

/** A TwiML document that rejects a call with a busy tone. */
export const busyTwiml = twiml('<Reject reason="busy"/>')

function twiml(verbs: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (found) => entities[found]!)
