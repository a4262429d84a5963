/**
 * How pages change things. Every request carries a key that names the intent: the same content keeps its
 * key until it was done, so a second press after a broken line changes nothing twice. After that, or with
 * other content, it is another intent.
 */
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from '@/ui/toast'
import { Refused } from './problem'

export class Intent {
  #content = ''
  #key: string | null = null

  keyFor(content: unknown): string {
    const said = JSON.stringify(content) ?? ''
    if (this.#key === null || said !== this.#content) {
      this.#key = newKey()
      this.#content = said
    }
    return this.#key
  }

  done(): void {
    this.#key = null
  }
}

/** 128 random bits; `randomUUID` would need https. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The headers of a change; `version` is that which the person has seen. */
export function keyed(key: string, version?: number) {
  return {
    'idempotency-key': key,
    ...(version !== undefined && { 'if-match': `"${version}"` }),
  }
}

type WriteOptions<Input, Output> = {
  /** What is out of date afterwards. */
  touches?: QueryKey[]
  /** What a message says when it is done. */
  said?: string | ((output: Output, input: Input) => string)
  onDone?: (output: Output, input: Input) => void
}

export function useWrite<Input, Output>(
  send: (input: Input, key: string) => Promise<Output>,
  { touches = [], said, onDone }: WriteOptions<Input, Output> = {},
) {
  const client = useQueryClient()
  const [intent] = useState(() => new Intent())
  return useMutation({
    networkMode: 'always',
    mutationFn: (input: Input) => send(input, intent.keyFor(input)),
    onSuccess: (output, input) => {
      intent.done()
      for (const queryKey of touches) void client.invalidateQueries({ queryKey })
      if (said) toast(typeof said === 'string' ? said : said(output, input))
      onDone?.(output, input)
    },
    onError: (error) => {
      // What somebody else made of it meanwhile is shown before this is tried again.
      if (!(error instanceof Refused) || error.status !== 409) return
      for (const queryKey of touches) void client.invalidateQueries({ queryKey })
    },
  })
}
