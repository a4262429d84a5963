import clsx from 'clsx'
import { Hammer } from 'lucide-react'
import { useState } from 'react'
import type { RevenueAnswer } from '@/client/api'
import { moment, money } from '@/lib/format'
import { Card } from '@/ui/Card'
import { Command } from '@/ui/Command'
import { COMPACT, SelectField } from '@/ui/Field'
import { Message } from '@/ui/Message'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { explainUrl } from '../explaining'
import { Opens } from '../Opens'
import { type BridgeBar, bridgeBars, bridgePaths } from './bridge'

const NET = 'net_revenue'

type BridgeCardProps = { answer: RevenueAnswer | null; zone: string | undefined }

/** From what goods were sold for to what is left of it, step by step. */
export function BridgeCard({ answer, zone }: BridgeCardProps) {
  const [wanted, setWanted] = useState(NET)
  const paths = bridgePaths(answer?.bridge ?? [])
  const path = paths.find(({ to }) => to === wanted) ?? paths[0]
  return (
    <Card
      title="From gross to"
      className="min-h-[20rem] lg:col-span-4"
      actions={
        path && (
          <SelectField
            label="Which revenue the bridge leads to"
            hideLabel
            className={clsx('w-44', COMPACT)}
            value={path.to}
            options={paths.map(({ to, label }) => ({ value: to, label }))}
            onChange={setWanted}
          />
        )
      }
    >
      {!answer && <RowsSkeleton rows={6} height={46} />}
      {answer?.bridge.length === 0 && (
        <Message icon={Hammer} title="Gold is not built yet">
          <p>Fees, shipping, tax and costs come with its first build.</p>
          <p className="mt-3">
            <Command>tradewind warehouse build</Command>
          </p>
        </Message>
      )}
      {answer && path && (
        <ol className="flex flex-1 flex-col px-4 pt-1 pb-3 sm:px-5">
          {bridgeBars(path.steps).map((bar) => (
            <Step key={bar.slug} bar={bar} answer={answer} />
          ))}
        </ol>
      )}
      {answer?.bridge_as_of && (
        <p className="num px-4 pb-3 text-xs text-muted sm:px-5">
          As of the last build, {moment(answer.bridge_as_of, zone)}
          {answer.source === 'live' && '; the figures above are live'}.
        </p>
      )}
    </Card>
  )
}

function Step({ bar, answer }: { bar: BridgeBar; answer: RevenueAnswer }) {
  const { slug, label, kind, amount, from, to } = bar
  const isTotal = kind !== 'step'
  // Every metric of the same days and sales opens the same way.
  const template = answer.explain.revenue?.replace('/explain/revenue', '/explain/{metric}')
  return (
    <li className="flex min-h-11 flex-1 flex-col justify-center py-1">
      <span className="num flex items-baseline justify-between gap-3">
        <span className={isTotal ? 'font-medium' : 'text-muted'}>{label}</span>
        <Opens
          metric={slug}
          url={answer.explain[slug] ?? (template && explainUrl(template, slug))}
          className={clsx('whitespace-nowrap', isTotal && 'font-semibold')}
        >
          {kind === 'step' && amount > 0 && '+'}
          {money(amount, answer.currency)}
        </Opens>
      </span>
      <span aria-hidden className="relative mt-1 h-1.5 rounded-full bg-sunk">
        <span
          className={clsx(
            'absolute inset-y-0 min-w-0.5 rounded-full',
            isTotal ? 'bg-accent' : amount < 0 ? 'bg-down' : 'bg-up',
          )}
          style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
        />
      </span>
    </li>
  )
}
