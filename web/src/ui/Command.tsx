import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

/** A line for the terminal, with a button that copies it where the browser lets us. */
export function Command({ children }: { children: string }) {
  const [copied, setCopied] = useState(false)
  const canCopy = typeof navigator.clipboard?.writeText === 'function'
  async function copy() {
    await navigator.clipboard.writeText(children)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <span className="inline-flex max-w-full items-center gap-1 rounded-lg border border-line bg-sunk py-1 pr-1 pl-3">
      <code className="font-mono text-[0.8125rem] break-all text-ink">{children}</code>
      {canCopy && (
        <button
          type="button"
          onClick={copy}
          aria-label={copied ? 'Copied' : `Copy: ${children}`}
          className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:text-ink"
        >
          {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        </button>
      )}
    </span>
  )
}
