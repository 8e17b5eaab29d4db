import { z } from 'zod';

/** A tool that the model asked for. `arguments` is the JSON text as the model wrote it. */
export const toolCallSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  arguments: z.string(),
});

export const textMessageSchema = z.object({
  id: z.string(),
  role: z.enum(['system', 'developer', 'user']),
  content: z.string(),
});

export const assistantMessageSchema = z.object({
  id: z.string(),
  role: z.literal('assistant'),
  /** What was said. After an interruption: what was heard. */
  content: z.string(),
  /** Name of the agent that said it. */
  agent: z.string().optional(),
  /** True when the user cut it short; `content` then ends where the user stopped hearing it. */
  interrupted: z.boolean().optional(),
  toolCalls: z.array(toolCallSchema).optional(),
});

export const toolMessageSchema = z.object({
  id: z.string(),
  role: z.literal('tool'),
  toolCallId: z.string(),
  name: z.string(),
  /** The result as JSON text, or the reason why there is none. */
  content: z.string(),
  status: z.enum(['in-progress', 'completed', 'cancelled', 'error', 'unknown']),
});

export const contextMessageSchema = z.discriminatedUnion('role', [
  textMessageSchema,
  assistantMessageSchema,
  toolMessageSchema,
]);

/** The four ways in which the shared context changes. The owner gives each a version. */
export const contextOperationSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('append'), message: contextMessageSchema }),
  z.object({
    type: z.literal('patch'),
    messageId: z.string(),
    content: z.string().optional(),
    status: toolMessageSchema.shape.status.optional(),
  }),
  z.object({
    type: z.literal('truncate'),
    messageId: z.string(),
    heardCharacters: z.number().int().nonnegative(),
  }),
  z.object({ type: z.literal('replace'), messages: z.array(contextMessageSchema) }),
]);

export type ToolCall = z.infer<typeof toolCallSchema>;
export type TextMessage = z.infer<typeof textMessageSchema>;
export type AssistantMessage = z.infer<typeof assistantMessageSchema>;
export type ToolMessage = z.infer<typeof toolMessageSchema>;
export type ContextMessage = z.infer<typeof contextMessageSchema>;
export type ContextOperation = z.infer<typeof contextOperationSchema>;
