import { Link } from '@tanstack/react-router'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api, bodyOf, type Supplier } from '@/client/api'
import { fieldProblem } from '@/client/problem'
import { useStore } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { useMay } from '@/features/session/me'
import { rebased } from '@/lib/draft'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { FailedQuery } from '@/ui/Failed'
import { CheckField, TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Sheet } from '@/ui/Sheet'
import {
  type Closed,
  draftOf,
  newSupplier,
  supplierBody,
  type SupplierDraft,
  supplierProblems,
  WEEKDAYS,
} from './draft'
import { SUPPLIERS, useSupplier } from './queries'

type SupplierSheetProps = { supplierId: string | undefined; onClose: () => void }

export function SupplierSheet({ supplierId, onClose }: SupplierSheetProps) {
  const query = useSupplier(supplierId)
  const store = useStore()
  if ((supplierId !== undefined && !query.data) || !store.data) {
    return (
      <Sheet title="Supplier" open onClose={onClose} className="sm:max-w-lg">
        {query.error || store.error ? (
          <FailedQuery query={query.error ? query : store} className="min-h-60" />
        ) : (
          <RowsSkeleton rows={6} height={56} />
        )}
      </Sheet>
    )
  }
  return <Terms supplier={query.data} currency={store.data.currency} onClose={onClose} />
}

type TermsProps = { supplier: Supplier | undefined; currency: string; onClose: () => void }

/** The form. What somebody else changed meanwhile comes in; what was typed stays. */
function Terms({ supplier, currency, onClose }: TermsProps) {
  const drafted = (one: Supplier | undefined) => (one ? draftOf(one) : newSupplier(currency))
  const [read, setRead] = useState(supplier)
  const [draft, setDraft] = useState(() => drafted(supplier))
  const [tried, setTried] = useState(false)
  if (supplier?.version !== read?.version) {
    setRead(supplier)
    setDraft(rebased(drafted(read), draft, drafted(supplier)))
  }
  const may = useMay('stock:write')
  const save = useWrite(
    ({ version, ...said }: SupplierDraft & { version: number | undefined }, key) => {
      const body = supplierBody(said)
      const header = keyed(key, version)
      return bodyOf(
        supplier
          ? api.PATCH('/api/v1/suppliers/{supplier_id}', {
              params: { path: { supplier_id: supplier.supplier_id }, header },
              body: { ...body, is_active: said.is_active },
            })
          : api.POST('/api/v1/suppliers', {
              params: { header },
              body: { ...body, code: said.code.trim() },
            }),
      )
    },
    { touches: [SUPPLIERS], said: (made) => `${made.name} is saved.`, onDone: onClose },
  )
  const problems = supplierProblems(draft)
  const wrong = (name: keyof SupplierDraft) =>
    (tried ? problems[name] : null) ?? fieldProblem(save.error, name)
  const text = (name: TextName) => ({
    autoComplete: 'off',
    value: draft[name],
    onChange: (value: string) => setDraft((before) => ({ ...before, [name]: value })),
    error: wrong(name),
  })
  function submit() {
    setTried(true)
    if (Object.keys(problems).length > 0) return
    save.mutate({ ...draft, version: supplier?.version })
  }
  return (
    <ActionSheet
      title={supplier?.name ?? 'New supplier'}
      open
      onClose={onClose}
      onSubmit={submit}
      act="Save"
      disabled={!may.allowed}
      pending={save.isPending}
      error={save.error}
    >
      {!may.allowed && may.why && <Notice>{may.why}</Notice>}
      <fieldset disabled={!may.allowed} className="space-y-4">
        <legend className="sr-only">What is known of the supplier</legend>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Name" maxLength={200} {...text('name')} />
          <TextField
            label="Code"
            maxLength={64}
            spellCheck={false}
            disabled={supplier !== undefined}
            hint={supplier ? 'It stays.' : 'What files and programs call it.'}
            {...text('code')}
          />
          <TextField label="E-mail (optional)" type="email" maxLength={320} {...text('email')} />
          <TextField label="Phone (optional)" type="tel" maxLength={64} {...text('phone')} />
          <TextField
            label="Currency of its prices"
            maxLength={3}
            autoCapitalize="characters"
            spellCheck={false}
            {...text('currency')}
          />
          <TextField
            label="Arrives after"
            inputMode="numeric"
            unit="days"
            placeholder="Not known"
            hint="The usual time from order to arrival."
            {...text('lead_time_days')}
          />
        </div>
        <Weekdays
          days={draft.order_weekdays}
          onChange={(order_weekdays) => setDraft({ ...draft, order_weekdays })}
          error={wrong('order_weekdays')}
        />
        <ClosedTimes
          closed={draft.closed}
          onChange={(closed) => setDraft({ ...draft, closed })}
          error={wrong('closed')}
        />
        {supplier && (
          <CheckField
            label="In use"
            hint="Otherwise the plan orders nothing from it. Its orders stay."
            checked={draft.is_active}
            onChange={(is_active) => setDraft({ ...draft, is_active })}
          />
        )}
      </fieldset>
      {supplier && (
        <p className="flex flex-wrap gap-x-5 gap-y-2 font-medium text-accent">
          <Link
            to="/purchasing/suppliers"
            search={{ sells: supplier.supplier_id }}
            className="hover:underline"
          >
            What it sells, and for how much
          </Link>
          <Link
            to="/purchasing"
            search={{ supplier: supplier.supplier_id }}
            className="hover:underline"
          >
            What was ordered from it
          </Link>
        </p>
      )}
    </ActionSheet>
  )
}

type TextName = 'code' | 'name' | 'currency' | 'email' | 'phone' | 'lead_time_days'
type PartProps<Value> = {
  onChange: (value: Value) => void
  error: string | null | undefined
}

function Weekdays({ days, onChange, error }: PartProps<number[]> & { days: number[] }) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-[0.8125rem] font-medium">Takes orders on</legend>
      <div className="flex flex-wrap gap-1.5">
        {WEEKDAYS.map((name, day) => (
          <label
            key={name}
            className="flex h-9 cursor-pointer items-center gap-2 rounded-lg border border-line px-2.5 has-checked:border-accent has-checked:bg-accent-soft pointer-coarse:h-11"
          >
            <input
              type="checkbox"
              checked={days.includes(day)}
              onChange={() =>
                onChange(days.includes(day) ? days.filter((one) => one !== day) : [...days, day])
              }
              className="size-4 accent-accent"
            />
            {name}
          </label>
        ))}
      </div>
      {error && (
        <p role="alert" className="mt-1 text-[0.8125rem] text-down">
          {error}
        </p>
      )}
    </fieldset>
  )
}

function ClosedTimes({ closed, onChange, error }: PartProps<Closed[]> & { closed: Closed[] }) {
  const set = (at: number, change: Partial<Closed>) =>
    onChange(closed.map((one, index) => (index === at ? { ...one, ...change } : one)))
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium">Closed</legend>
      {closed.map((one, at) => (
        <div key={at} className="grid grid-cols-[1fr_1fr_auto] items-end gap-2">
          <TextField
            label="First day"
            type="date"
            value={one.first}
            onChange={(first) => set(at, { first })}
          />
          <TextField
            label="Last day"
            type="date"
            value={one.last}
            onChange={(last) => set(at, { last })}
          />
          <Button
            look="plain"
            aria-label={`Take away closed time ${at + 1}`}
            className="px-2"
            onClick={() => onChange(closed.filter((_, index) => index !== at))}
          >
            <Trash2 size={15} aria-hidden />
          </Button>
        </div>
      ))}
      {error && (
        <p role="alert" className="text-[0.8125rem] text-down">
          {error}
        </p>
      )}
      <Button look="plain" onClick={() => onChange([...closed, { first: '', last: '' }])}>
        <Plus size={15} aria-hidden /> Add a time, holidays for one
      </Button>
    </fieldset>
  )
}
