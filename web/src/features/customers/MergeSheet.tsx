import { useState } from 'react'
import { api, bodyOf, type Customer, type CustomerRow } from '@/client/api'
import { channelName, useStore } from '@/client/store'
import { keyed, useWrite } from '@/client/write'
import { counted, dayOf, listed } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { FailedQuery } from '@/ui/Failed'
import { RowsSkeleton } from '@/ui/RowsSkeleton'
import { SearchField } from '@/ui/SearchField'
import { mergePreview } from './merge'
import { CUSTOMERS, useCustomer, useCustomers, useGroups, useReviewsOf } from './queries'
import { nameOf, placeOf } from './words'

type MergeSheetProps = { open: boolean; onClose: () => void; customer: Customer }

/** Two profiles of one person become one: which, and what moves, before it is done. */
export function MergeSheet({ open, onClose, customer }: MergeSheetProps) {
  const [duplicateId, setDuplicateId] = useState<string>()
  const duplicate = useCustomer(open ? duplicateId : undefined)
  const name = nameOf(customer)
  const close = () => {
    setDuplicateId(undefined)
    onClose()
  }
  const merge = useWrite(
    ({ id, version }: { id: string; version: number }, key) =>
      bodyOf(
        api.POST('/api/v1/customers/{customer_id}/merge', {
          params: { path: { customer_id: customer.customer_id }, header: keyed(key, version) },
          body: { duplicate_id: id },
        }),
      ),
    {
      touches: [CUSTOMERS, ['orders']],
      said: () => `Both are ${name} now.`,
      onDone: close,
    },
  )
  return (
    <ActionSheet
      title={`Merge a duplicate into ${name}`}
      open={open}
      onClose={close}
      onSubmit={() =>
        duplicate.data &&
        merge.mutate({ id: duplicate.data.customer_id, version: customer.version })
      }
      act="Merge them"
      danger
      disabled={!duplicate.data}
      pending={merge.isPending}
      error={merge.error}
      className="sm:max-w-xl"
    >
      <Choose customer={customer} chosen={duplicateId} onChoose={setDuplicateId} />
      {duplicate.error && <FailedQuery query={duplicate} className="" />}
      {duplicateId && duplicate.isPending && <RowsSkeleton rows={3} height={32} />}
      {duplicate.data && <Preview survivor={customer} duplicate={duplicate.data} />}
    </ActionSheet>
  )
}

type ChooseProps = {
  customer: Customer
  chosen: string | undefined
  onChoose: (id: string) => void
}

/** The search begins with the name: duplicates are often called alike. */
function Choose({ customer, chosen, onChoose }: ChooseProps) {
  const [q, setQ] = useState(customer.name ?? customer.email ?? '')
  const found = useCustomers({ q })
  const others = (found.rows ?? []).filter(
    (one) => one.customer_id !== customer.customer_id && !one.is_erased,
  )
  return (
    <div className="space-y-2">
      <SearchField
        label="Find the duplicate"
        placeholder="Name or e-mail address of the duplicate"
        value={q}
        onChange={setQ}
      />
      {found.error && !found.rows && <FailedQuery query={found} className="" />}
      {!found.error && !found.rows && <RowsSkeleton rows={3} height={48} />}
      {found.rows && others.length === 0 && (
        <p className="px-1 text-muted">
          {q ? `Nobody else is called like “${q}”.` : 'There is nobody else.'}
        </p>
      )}
      {others.length > 0 && (
        <fieldset className="max-h-60 overflow-y-auto overscroll-contain rounded-xl border border-line">
          <legend className="sr-only">Who is the duplicate</legend>
          {others.map((one) => (
            <Candidate
              key={one.customer_id}
              one={one}
              isChosen={one.customer_id === chosen}
              onChoose={() => onChoose(one.customer_id)}
            />
          ))}
        </fieldset>
      )}
      {found.hasNextPage && (
        <p className="px-1 text-xs text-muted">There are more: type more of the name.</p>
      )}
    </div>
  )
}

type CandidateProps = { one: CustomerRow; isChosen: boolean; onChoose: () => void }

function Candidate({ one, isChosen, onChoose }: CandidateProps) {
  const store = useStore()
  const about = [
    one.name ? one.email : null,
    placeOf(one),
    one.channel ? channelName(one.channel, store.data) : 'our own shop',
    `since ${dayOf(one.created_at, store.data?.timezone)}`,
  ]
  return (
    <label className="flex cursor-pointer items-center gap-3 border-b border-line px-3.5 py-2 last:border-b-0 hover:bg-sunk has-checked:bg-accent-soft">
      <input
        type="radio"
        name="duplicate"
        checked={isChosen}
        onChange={onChoose}
        className="size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 truncate font-medium">
        {nameOf(one)}
        <span className="block truncate text-xs font-normal text-muted">
          {about.filter(Boolean).join(' · ')}
        </span>
      </span>
    </label>
  )
}

function Preview({ survivor, duplicate }: { survivor: Customer; duplicate: Customer }) {
  const groups = useGroups()
  const reviews = useReviewsOf(duplicate.customer_id)
  const preview = mergePreview(survivor, duplicate)
  const groupName = (code: string) => groups.data?.find((one) => one.code === code)?.name ?? code
  const moves = [
    preview.orders > 0 && counted(preview.orders, 'order'),
    preview.addresses > 0 && counted(preview.addresses, 'address', 'addresses'),
    preview.consents > 0 && `what was said on ${counted(preview.consents, 'consent')}`,
    reviews.data &&
      reviews.data.count > 0 &&
      `${reviews.data.isAll ? '' : 'more than '}${counted(reviews.data.count, 'review')}`,
    preview.groups.length > 0 && `the place in ${listed(preview.groups.map(groupName))}`,
  ].filter((part): part is string => typeof part === 'string')
  const name = nameOf(survivor)
  return (
    <div className="space-y-3 rounded-xl bg-sunk px-4 py-3">
      <p>
        <b>Moves to {name}:</b> {moves.length > 0 ? listed(moves) : 'nothing was found to move'}
        {', and what lies in an open cart.'}
      </p>
      {preview.learned.length > 0 && (
        <p>
          <b>{name} learns:</b>{' '}
          {preview.learned.map(({ label, value }) => `${label} ${value}`).join(', ')}.
        </p>
      )}
      {preview.dropped.length > 0 && (
        <div>
          <b>Is not taken over:</b>
          <ul className="mt-1 list-disc space-y-0.5 pl-5">
            {preview.dropped.map(({ label, value, kept }) => (
              <li key={label} className="break-words">
                {label} “{value}”, since {name} has “{kept}”
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="text-muted">
        The other profile stays as a signpost to this one. No figure changes. It cannot be undone.
      </p>
    </div>
  )
}
