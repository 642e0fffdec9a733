import { z } from 'zod'
import { modelFailure } from './failures.ts'

/** The shape that an answer must have, as servers take it. */
export type AnswerSchema = { name: string; json: Record<string, unknown>; isStrict: boolean }

/** `name`: of what is asked, as servers allow it: letters, digits, - and _. */
export function answerSchema(name: string, schema: z.ZodType): AnswerSchema {
  let isStrict = true
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ jsonSchema }) {
      if (jsonSchema.type !== 'object' || !jsonSchema.properties) return
      jsonSchema.additionalProperties ??= false
      // Servers that hold answers strictly to a shape know no optional keys.
      isStrict &&= Object.keys(jsonSchema.properties).length === (jsonSchema.required?.length ?? 0)
    },
  })
  return { name: name.replaceAll(/[^\w-]/g, '_').slice(0, 64), json, isStrict }
}

/** The answer, checked. Models that hold to no shape put words and fences around it. @throws MODEL_UNREADABLE */
export function readAnswer<T>(text: string, schema: z.ZodType<T>): T {
  const json = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)
  const result = schema.safeParse(parsed(json))
  if (result.success) return result.data
  throw modelFailure('MODEL_UNREADABLE')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw modelFailure('MODEL_UNREADABLE')
  }
}
