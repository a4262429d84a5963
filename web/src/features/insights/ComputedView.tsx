import clsx from 'clsx'
import { ArrowRight, Check, Copy, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { ExplainAnswer, LineageStep } from '@/client/api'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'

const LAYERS: { kind: LineageStep['kind']; label: string; about: string }[] = [
  { kind: 'landed', label: 'Landed', about: 'the facts as they came in' },
  { kind: 'live', label: 'Live', about: 'kept up to the second' },
  { kind: 'bronze', label: 'Bronze', about: 'as received' },
  { kind: 'silver', label: 'Silver', about: 'the latest version of each' },
  { kind: 'gold', label: 'Gold', about: 'shaped for the question' },
  { kind: 'figure', label: 'Figure', about: 'what you see' },
]

/** From the facts that came in to the figure: the tables between, the SQL, and the tests that guard them. */
export function ComputedView({ answer }: { answer: ExplainAnswer }) {
  return (
    <div className="space-y-5">
      <Lineage steps={answer.lineage} />
      <Sql answer={answer} />
      <Guards tests={answer.tests} />
    </div>
  )
}

function Lineage({ steps }: { steps: LineageStep[] }) {
  const layers = LAYERS.map((layer) => ({
    ...layer,
    steps: steps.filter(({ kind }) => kind === layer.kind),
  })).filter((layer) => layer.steps.length > 0)
  return (
    <section aria-labelledby="explain-lineage">
      <h3 id="explain-lineage" className="mb-2 font-semibold">
        Where it comes from
      </h3>
      <ol className="space-y-1.5">
        {layers.map(({ kind, label, about, steps: here }, index) => (
          <li key={kind} className="flex gap-3">
            <span className="flex w-26 shrink-0 items-start gap-1.5 pt-1">
              <ArrowRight
                size={14}
                aria-hidden
                className={clsx('mt-0.5 shrink-0 text-muted', index === 0 && 'invisible')}
              />
              <span>
                <span className="block text-[0.8125rem] font-medium">{label}</span>
                <span className="block text-xs text-muted">{about}</span>
              </span>
            </span>
            <ul className="min-w-0 flex-1 space-y-1 rounded-lg bg-sunk px-3 py-2">
              {here.map(({ name, description, feeds }) => (
                <li key={name}>
                  <code className="font-mono text-[0.8125rem] break-all">{name}</code>
                  {feeds.length > 0 && (
                    <span className="sr-only">, which feeds {feeds.join(', ')}</span>
                  )}
                  {description && <span className="block text-xs text-muted">{description}</span>}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Sql({ answer }: { answer: ExplainAnswer }) {
  const [copied, setCopied] = useState(false)
  const parameters = Object.entries(answer.parameters)
  const canCopy = typeof navigator.clipboard?.writeText === 'function'
  async function copy() {
    await navigator.clipboard.writeText(answer.sql)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <section aria-labelledby="explain-sql">
      <div className="mb-1 flex min-h-9 items-center justify-between">
        <h3 id="explain-sql" className="font-semibold">
          SQL
        </h3>
        {canCopy && (
          <Button look="plain" onClick={() => void copy()}>
            {copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </div>
      <section
        aria-label="SQL of the figure"
        // A box that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="max-h-96 overflow-auto rounded-lg border border-line bg-sunk p-3"
      >
        <pre className="font-mono text-xs leading-relaxed">{answer.sql}</pre>
      </section>
      {parameters.length > 0 && (
        <dl className="num mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
          {parameters.map(([name, value]) => (
            <div key={name} className="flex gap-1.5">
              <dt className="font-mono text-muted">{name}</dt>
              <dd className="font-mono break-all">{cut(JSON.stringify(value))}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

const MOST_LETTERS = 80

/** Rates of many days would fill the page. */
function cut(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text
}

function Guards({ tests }: { tests: string[] }) {
  if (tests.length === 0) return null
  return (
    <section aria-labelledby="explain-tests">
      <h3 id="explain-tests" className="mb-2 flex items-center gap-2 font-semibold">
        Tests that guard it <Badge>{tests.length}</Badge>
      </h3>
      <ul className="space-y-1">
        {tests.map((test) => (
          <li key={test} className="flex items-start gap-2">
            <ShieldCheck size={15} aria-hidden className="mt-0.5 shrink-0 text-up" />
            <span className="text-[0.8125rem] break-words">{test}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
