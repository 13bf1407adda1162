import { answerCountTokens, answerMessages } from './anthropic-face.ts'
import { answerAzureChat } from './azure-face.ts'
import { answerConverse, answerInvoke } from './bedrock-face.ts'
import { answerChat } from './chat-face.ts'
import { answerEmbeddings, answerGeminiEmbeddings } from './embeddings-face.ts'
import type { Face } from './face.ts'
import { answerGemini, answerGeminiCount } from './gemini-face.ts'
import type { Incoming } from './incoming.ts'
import { answerResponses, answerResponsesCount } from './responses-face.ts'

/** Answers a request of a model API, whose body is there. */
export type AnswerCall = (face: Face, incoming: Incoming, body: string) => void

/** What answers a path of a model API; undefined where no API has it. */
export function answerOf(path: string): AnswerCall | undefined {
  return callFaces[withoutVersion(path)] ?? ofDeployment(path) ?? ofGemini(path) ?? ofBedrock(path)
}

/**
 * A path without the version and Azure's `/openai` before it: clients write them, or leave them to whoever sets their
 * address.
 */
export function withoutVersion(path: string): string {
  return path.replace(/^\/openai(?=\/)/, '').replace(/^\/v1(?=\/)/, '')
}

/** A response that is stored, or what it was asked. */
export const storedResponsePath = /^(?:\/openai)?(?:\/v1)?\/responses\/([^/]+)(\/input_items)?$/

/** A conversation of the Conversations API, its items, or one of them. */
export const conversationPath =
  /^(?:\/openai)?(?:\/v1)?\/conversations(?:\/([^/]+)(?:(\/items)(?:\/([^/]+))?)?)?$/

/** Whether what is remembered for later requests is asked for: all who play know it. */
export const isRemembered = (path: string): boolean =>
  storedResponsePath.test(path) || conversationPath.test(path)

const callFaces: Readonly<Record<string, AnswerCall>> = {
  '/chat/completions': answerChat,
  '/responses': answerResponses,
  '/responses/input_tokens': answerResponsesCount,
  '/embeddings': answerEmbeddings,
  '/messages': answerMessages,
  '/messages/count_tokens': answerCountTokens,
}

const deploymentPath = /^\/openai\/deployments\/([^/]+)\/(chat\/completions|embeddings)$/

function ofDeployment(path: string): AnswerCall | undefined {
  const [, name, what] = deploymentPath.exec(path) ?? []
  if (name === undefined) return undefined
  const deployment = plainName(name)
  return what === 'embeddings'
    ? (face, incoming, body) => answerEmbeddings(face, incoming, body, deployment)
    : (face, incoming, body) => answerAzureChat(face, incoming, body, deployment)
}

/** Of the Gemini API, and of Vertex AI, which names project, place and publisher before the model. */
const geminiPath =
  /^\/v1(?:alpha|beta)?\d?\/(?:projects\/[^/]+\/locations\/[^/]+\/)?(?:publishers\/[^/]+\/)?models\/([^/:]+):(\w+)$/

function ofGemini(path: string): AnswerCall | undefined {
  const [, name, method] = geminiPath.exec(path) ?? []
  if (name === undefined) return undefined
  const isVertex = path.includes('/publishers/')
  const at = { model: plainName(name), stream: method === 'streamGenerateContent', isVertex }
  if (method === 'countTokens') return (face, incoming, body) => answerGeminiCount(face, incoming, body, at)
  if (method === 'embedContent' || method === 'batchEmbedContents') {
    const asked = { model: at.model, batch: method === 'batchEmbedContents' }
    return (face, incoming, body) => answerGeminiEmbeddings(face, incoming, body, asked)
  }
  if (method !== 'generateContent' && !at.stream) return undefined
  return (face, incoming, body) => answerGemini(face, incoming, body, at)
}

const bedrockPath = /^\/model\/([^/]+)\/(?:(converse|invoke)|(converse-stream|invoke-with-response-stream))$/

function ofBedrock(path: string): AnswerCall | undefined {
  const [, name, whole, stream] = bedrockPath.exec(path) ?? []
  if (name === undefined) return undefined
  const at = { model: plainName(name), stream: stream !== undefined }
  const answer = (whole ?? stream)!.startsWith('converse') ? answerConverse : answerInvoke
  return (face, incoming, body) => answer(face, incoming, body, at)
}

/** A name as it was before it was encoded for a path. */
export function plainName(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
