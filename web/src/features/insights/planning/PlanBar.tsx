import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { Plan } from '@/client/api'
import { useZone } from '@/client/store'
import { useMay } from '@/features/session/me'
import { plainAmount } from '@/lib/amount'
import { counted, money, moment } from '@/lib/format'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { TextField } from '@/ui/Field'
import { useMakePlan } from './queries'

/** When the plan was made and by which rules, and the way to a newer one. */
export function PlanBar({ plan }: { plan: Plan | undefined }) {
  const zone = useZone()
  const may = useMay('stock:write')
  const [open, setOpen] = useState(false)
  const budget = plan && budgetOf(plan)
  return (
    <>
      <p className="num min-h-5 min-w-0 flex-1 max-sm:order-last max-sm:basis-full text-[0.8125rem] leading-5 text-muted">
        {plan && (
          <>
            Made {moment(plan.made_at, zone)} · {counted(plan.lines, 'line')} ·{' '}
            {budget === null || budget === undefined
              ? 'no budget'
              : `within ${money(budget, plan.currency)}`}
            {typeof plan.terms.service_level === 'number' &&
              ` · ${Math.round(plan.terms.service_level * 100)} % service level`}
          </>
        )}
      </p>
      <ActionButton may={may} disabled={!plan} onClick={() => setOpen(true)}>
        <RefreshCw size={15} aria-hidden /> Plan again
      </ActionButton>
      {plan && open && <PlanSheet plan={plan} onClose={() => setOpen(false)} />}
    </>
  )
}

function PlanSheet({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const [typed, setTyped] = useState(String(budgetOf(plan) ?? ''))
  const make = useMakePlan(onClose)
  const text = typed.trim()
  const amount = text === '' ? null : plainAmount(text)
  const wrong = text !== '' && amount === null
  return (
    <ActionSheet
      title="Plan again"
      open
      onClose={onClose}
      onSubmit={() => make.mutate(amount)}
      act="Make the plan"
      disabled={wrong}
      pending={make.isPending}
      error={make.error}
    >
      <TextField
        label="Budget (optional)"
        inputMode="decimal"
        unit={plan.currency}
        value={typed}
        onChange={setTyped}
        hint="Orders compete for it by what they earn per unit of cash. Empty: all that is worth ordering."
        error={wrong ? 'An amount, such as 2500 or 2,500.00.' : null}
      />
      <p className="text-[0.8125rem] text-muted">
        Stock, suppliers and forecasts are read as they are now. The new list takes the place of
        this one for everybody; quantities that were edited and not accepted go with it. What was
        accepted stays ordered.
      </p>
    </ActionSheet>
  )
}

/** Amounts among the rules are texts. */
export function budgetOf({ terms }: Plan): number | null {
  return typeof terms.budget === 'string' ? Number(terms.budget) : null
}
