import { useState } from 'react'
import type { Promotion } from '@/client/api'
import { fieldProblem } from '@/client/problem'
import { useStore } from '@/client/store'
import { useGroups } from '@/features/customers/queries'
import { useCategories } from '@/features/products/queries'
import { useMay } from '@/features/session/me'
import { type Clash, rebased } from '@/lib/draft'
import { country, moment } from '@/lib/format'
import { toggledIn } from '@/lib/search'
import { ActionButton } from '@/ui/ActionButton'
import { ActionSheet } from '@/ui/ActionSheet'
import { ChoiceList } from '@/ui/ChoiceList'
import { FailedQuery } from '@/ui/Failed'
import { AreaField, CheckField, SelectField, TextField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { Segments } from '@/ui/Segments'
import { Sheet } from '@/ui/Sheet'
import {
  draftOf,
  draftProblems,
  fieldsOf,
  newDraft,
  promotionClashes,
  type PromotionDraft,
  switched,
  termsOf,
} from './draft'
import { usePromotion, useSavePromotion } from './queries'
import { KINDS, stateOf, STATES } from './words'

type PromotionSheetProps = { promotionId: string | undefined; onClose: () => void }

/** A new promotion, or the terms of one that there is. */
export function PromotionSheet({ promotionId, onClose }: PromotionSheetProps) {
  const query = usePromotion(promotionId)
  const store = useStore()
  const isHere = promotionId === undefined || query.data !== undefined
  if (!isHere || !store.data) {
    return (
      <Sheet title="Promotion" open onClose={onClose} className="sm:max-w-xl">
        {query.error || store.error ? (
          <FailedQuery query={query.error ? query : store} className="min-h-60" />
        ) : (
          <RowsSkeleton rows={6} height={56} />
        )}
      </Sheet>
    )
  }
  return (
    <Terms
      promotion={query.data}
      zone={store.data.timezone}
      currency={store.data.currency}
      onClose={onClose}
    />
  )
}

type TermsProps = {
  promotion: Promotion | undefined
  zone: string
  currency: string
  onClose: () => void
}

/**
 * The form. When somebody else changes the promotion meanwhile, what they changed comes in, and what was typed
 * stays; where both changed the same, theirs is told beside it.
 */
function Terms({ promotion, zone, currency, onClose }: TermsProps) {
  const drafted = (one: Promotion | undefined) =>
    one ? draftOf(one, zone, currency) : newDraft(currency)
  const [read, setRead] = useState(promotion)
  const [draft, setDraft] = useState(() => drafted(promotion))
  const [fought, setFought] = useState<Clash[]>([])
  if (promotion?.version !== read?.version) {
    const both = { base: drafted(read), mine: draft, theirs: drafted(promotion) }
    setRead(promotion)
    setFought(promotionClashes(both).filter(({ mine }) => mine !== null))
    setDraft(rebased(both.base, both.mine, both.theirs))
  }
  const [tried, setTried] = useState(false)
  const may = useMay('promotions:write')
  const save = useSavePromotion(
    (made) => (promotion ? `${made.name} is saved.` : `${made.name} is laid down.`),
    onClose,
  )
  const problems = draftProblems(draft)
  const wrong = (name: keyof PromotionDraft) =>
    (tried ? problems[name] : null) ?? fieldProblem(save.error, name)
  const set =
    <Name extends keyof PromotionDraft>(name: Name) =>
    (value: PromotionDraft[Name]) =>
      setDraft((before) => ({ ...before, [name]: value }))
  const text = (name: TextName) => ({
    autoComplete: 'off',
    value: draft[name],
    onChange: set(name),
    error: wrong(name),
  })
  function submit() {
    setTried(true)
    if (Object.keys(problems).length > 0) return
    save.mutate({ terms: termsOf(draft, zone, promotion), seen: promotion ?? null })
  }
  return (
    <ActionSheet
      title={promotion?.name ?? 'New promotion'}
      open
      onClose={onClose}
      onSubmit={submit}
      act={promotion ? 'Save' : 'Lay it down'}
      disabled={!may.allowed}
      pending={save.isPending}
      error={save.error}
      className="sm:max-w-xl"
    >
      {promotion && <Standing promotion={promotion} zone={zone} onClose={onClose} />}
      {!may.allowed && may.why && <Notice>{may.why}</Notice>}
      {fought.length > 0 && (
        <Notice tone="warn">
          Somebody else changed what you changed too. Saving puts yours in place of{' '}
          {fought.map(({ label, theirs }) => `${label}: ${theirs}`).join(', ')}.
        </Notice>
      )}
      <fieldset disabled={!may.allowed} className="space-y-4">
        <legend className="sr-only">Terms of the promotion</legend>
        <TextField
          label="Name"
          maxLength={200}
          hint="Buyers see it beside what it takes off."
          {...text('name')}
        />
        <Kind draft={draft} set={set} text={text} />
        <WithCode draft={draft} set={set} text={text} />
        <When draft={draft} text={text} zone={zone} />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Uses in all"
            inputMode="numeric"
            placeholder="No limit"
            {...text('total_limit')}
          />
          <TextField
            label="Uses by one buyer"
            inputMode="numeric"
            placeholder="No limit"
            {...text('customer_limit')}
          />
        </div>
        <TextField
          label="Goods worth at least"
          inputMode="decimal"
          unit={draft.currency}
          placeholder="Anything"
          hint="What it is for, before any discount. Then it is for carts of this currency only."
          {...text('minimum')}
        />
        <Only draft={draft} set={set} wrong={wrong} />
        <CheckField
          label="Goes together with others"
          hint="With all others that say so too. Otherwise it applies alone, where it saves the buyer more."
          checked={draft.is_stackable}
          onChange={set('is_stackable')}
        />
        <TextField
          label="Priority"
          inputMode="numeric"
          className="w-40"
          hint="The highest is taken off first."
          {...text('priority')}
        />
        {!promotion && (
          <CheckField
            label="Switched on"
            hint="Off, it waits until somebody switches it on."
            checked={draft.is_active}
            onChange={set('is_active')}
          />
        )}
      </fieldset>
    </ActionSheet>
  )
}

type TextName = {
  [Name in keyof PromotionDraft]: PromotionDraft[Name] extends string
    ? string extends PromotionDraft[Name]
      ? Name
      : never
    : never
}[keyof PromotionDraft]
type PartProps = {
  draft: PromotionDraft
  set: <Name extends keyof PromotionDraft>(name: Name) => (value: PromotionDraft[Name]) => void
  text: (name: TextName) => {
    value: string
    onChange: (value: string) => void
    error: string | null | undefined
  }
}

/** How it stands, and the switch: it acts at once, and leaves the terms as they were saved. */
function Standing({
  promotion,
  zone,
  onClose,
}: {
  promotion: Promotion
  zone: string
  onClose: () => void
}) {
  const may = useMay('promotions:write')
  const isOn = promotion.is_active
  const turn = useSavePromotion(
    (made) => `${made.name} is switched ${made.is_active ? 'on' : 'off'}.`,
    onClose,
  )
  const [now] = useState(() => Date.now())
  const state = stateOf(promotion, now)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-sunk px-4 py-3">
      <div className="min-w-0 flex-1">
        <p className="font-medium">{STATES[state].label}</p>
        <p className="text-[0.8125rem] text-muted">
          {promotion.total_limit === null
            ? `Laid down ${moment(promotion.created_at, zone)}`
            : `${promotion.used ?? 0} of ${promotion.total_limit} uses taken`}
        </p>
        {turn.error && <p className="text-[0.8125rem] text-down">{turn.error.message}</p>}
      </div>
      <ActionButton
        may={may}
        disabled={may.allowed && turn.isPending}
        onClick={() => turn.mutate({ terms: switched(promotion, !isOn), seen: promotion })}
      >
        {isOn ? 'Switch off' : 'Switch on'}
      </ActionButton>
    </div>
  )
}

/** What it takes off: only what the kind needs. */
function Kind({ draft, set, text }: PartProps) {
  const needed = fieldsOf(draft.kind)
  return (
    <>
      <SelectField
        label="What it takes off"
        value={draft.kind}
        onChange={(kind) => set('kind')(kind as PromotionDraft['kind'])}
        options={Object.entries(KINDS).map(([value, { label }]) => ({ value, label }))}
        hint={KINDS[draft.kind].about}
      />
      {needed.length > 0 && (
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
          {needed.includes('buy') && (
            <TextField label="Who buys" inputMode="numeric" unit="units" {...text('buy')} />
          )}
          {needed.includes('get') && (
            <TextField label="Gets" inputMode="numeric" unit="units" {...text('get')} />
          )}
          {needed.includes('percent') && (
            <TextField
              label={draft.kind === 'percent' ? 'Percent' : 'Cheaper by'}
              inputMode="decimal"
              unit="%"
              placeholder={draft.kind === 'percent' ? undefined : 'Free'}
              {...text('percent')}
            />
          )}
          {needed.includes('amount') && (
            <TextField
              label="Amount"
              inputMode="decimal"
              unit={draft.currency}
              {...text('amount')}
            />
          )}
        </div>
      )}
    </>
  )
}

function WithCode({ draft, set, text }: PartProps) {
  return (
    <div className="space-y-3">
      <Segments
        label="Who gets it"
        options={[
          { value: 'code', label: 'Who types a code' },
          { value: 'all', label: 'Everybody, by itself' },
        ]}
        value={draft.hasCode ? 'code' : 'all'}
        onChange={(value) => set('hasCode')(value === 'code')}
        className="w-full"
      />
      {draft.hasCode && (
        <TextField
          label="Code"
          maxLength={64}
          spellCheck={false}
          autoCapitalize="characters"
          hint="Buyers may type it in large or small letters."
          {...text('code')}
        />
      )}
    </div>
  )
}

function When({ draft, text, zone }: Pick<PartProps, 'draft' | 'text'> & { zone: string }) {
  return (
    <div className="space-y-1">
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Begins" type="datetime-local" {...text('starts_at')} />
        <TextField label="Ends" type="datetime-local" {...text('ends_at')} />
      </div>
      <p className="text-xs text-muted">
        By the clocks of the store ({zone}).
        {!draft.starts_at && ' Begins at once.'}
        {!draft.ends_at && ' Never ends by itself.'}
      </p>
    </div>
  )
}

type OnlyProps = Pick<PartProps, 'draft' | 'set'> & {
  wrong: (name: keyof PromotionDraft) => string | null | undefined
}

/** Which goods and whom it is for; closed while it is for all. */
function Only({ draft, set, wrong }: OnlyProps) {
  const categories = useCategories()
  const groups = useGroups()
  const store = useStore()
  // Decided once: it must not close under the hands of whoever takes the last choice away.
  const [isOpen] = useState(() => {
    const chosen = [draft.category_paths, draft.customer_groups, draft.countries]
    return draft.skus.trim() !== '' || chosen.some((list) => list.length > 0)
  })
  const lists = [
    {
      name: 'category_paths',
      legend: 'Categories, with everything below',
      choices: categories.data?.map(({ path }) => ({ value: path, label: path })),
    },
    {
      name: 'customer_groups',
      legend: 'Groups of customers',
      choices: groups.data?.map(({ code, name }) => ({ value: code, label: name })),
    },
    {
      name: 'countries',
      legend: 'Countries the goods go to',
      choices: store.data?.countries.map((value) => ({ value, label: country(value) })),
    },
  ] as const
  return (
    <details open={isOpen} className="rounded-xl border border-line px-4 py-3">
      <summary className="cursor-pointer font-medium">Only for some goods or people</summary>
      <div className="space-y-4 pt-3">
        <p className="text-[0.8125rem] text-muted">
          Nothing chosen: for all. Of goods, the SKUs and what is in the categories count together.
        </p>
        <AreaField
          label="SKUs"
          rows={2}
          spellCheck={false}
          hint="With blanks, commas or lines between them."
          value={draft.skus}
          onChange={set('skus')}
          error={wrong('skus')}
        />
        {lists.map(({ name, legend, choices }) => (
          <div key={name}>
            <p className="mb-1 text-[0.8125rem] font-medium">{legend}</p>
            <div className="rounded-lg border border-line">
              <ChoiceList
                legend={legend}
                choices={withChosen(choices, draft[name])}
                chosen={draft[name]}
                loaded={choices !== undefined}
                onToggle={(value) => set(name)(toggledIn(draft[name], value))}
              />
            </div>
          </div>
        ))}
      </div>
    </details>
  )
}

type Choices = { value: string; label: string }[]

/** What is chosen stays in sight, also where the shop knows it no more. */
function withChosen(choices: Choices = [], chosen: string[]): Choices {
  const known = new Set(choices.map(({ value }) => value))
  const rest = chosen.filter((value) => !known.has(value))
  return [...rest.map((value) => ({ value, label: value })), ...choices]
}
