/** One hook per question to the plan, and per thing that is done with it. All keys begin with 'planning'. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import {
  type AcceptedPlan,
  api,
  bodyOf,
  type PlanAccept,
  type PlanEdits,
  type PlanLine,
  type PlanLinePage,
  type PlannedProduct,
  type PlanTransfer,
} from '@/client/api'
import { usePages } from '@/client/pages'
import { keyed, useWrite } from '@/client/write'
import type { PlanningSearch } from '../filters'

export const PLANNING = ['planning'] as const
const ROWS = 50
const HALF_A_MINUTE = 30_000
const KEPT = { placeholderData: keepPreviousData, staleTime: HALF_A_MINUTE }

export type ListFilter = Pick<PlanningSearch, 'supplier' | 'location' | 'channel'>

export function listParams({ supplier, location, channel }: ListFilter) {
  return { supplier_id: supplier, location_id: location, channel }
}

export function useSummary(filter: ListFilter) {
  const query = listParams(filter)
  return useQuery({
    ...KEPT,
    queryKey: [...PLANNING, 'summary', query],
    queryFn: ({ signal }) =>
      bodyOf(api.GET('/api/v1/planning/purchase-list/summary', { params: { query }, signal })),
  })
}

export function usePurchaseList(filter: ListFilter) {
  const chosen = listParams(filter)
  return usePages<PlanLine>([...PLANNING, 'list', chosen], async (cursor, signal) => {
    const query = { ...chosen, limit: ROWS, cursor }
    const body = await bodyOf(
      api.GET('/api/v1/planning/purchase-list', { params: { query }, signal }),
    )
    // The same address also answers with files, which are not asked for here.
    return body as PlanLinePage
  })
}

/** A line as it would be with another quantity; nothing is changed. */
export function useConsequences(line: PlanLine, planId: string, quantity: number | null) {
  return useQuery({
    ...KEPT,
    enabled: quantity !== null && quantity !== line.quantity,
    retry: false,
    queryKey: [...PLANNING, 'line', planId, line.line_no, quantity],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/api/v1/planning/purchase-list/{line_no}', {
          params: {
            path: { line_no: line.line_no },
            query: { plan_id: planId, quantity: quantity ?? line.quantity },
          },
          signal,
        }),
      ),
  })
}

export function useTransfers() {
  return usePages<PlanTransfer>([...PLANNING, 'transfers'], (cursor, signal) =>
    bodyOf(
      api.GET('/api/v1/planning/transfers', { params: { query: { limit: ROWS, cursor } }, signal }),
    ),
  )
}

export function useMatrix() {
  return useQuery({
    ...KEPT,
    queryKey: [...PLANNING, 'matrix'],
    queryFn: ({ signal }) => bodyOf(api.GET('/api/v1/planning/abc-xyz/matrix', { signal })),
  })
}

/** Products of a cell, or those that move as slowly as is asked for. */
export function useClassed({ abc, xyz, pace }: Pick<PlanningSearch, 'abc' | 'xyz' | 'pace'>) {
  return usePages<PlannedProduct>([...PLANNING, 'classed', abc, xyz, pace], (cursor, signal) => {
    const page = { limit: ROWS, cursor }
    return pace
      ? bodyOf(
          api.GET('/api/v1/planning/slow-movers', {
            params: { query: { ...page, pace: [pace] } },
            signal,
          }),
        )
      : bodyOf(
          api.GET('/api/v1/planning/abc-xyz', { params: { query: { ...page, abc, xyz } }, signal }),
        )
  })
}

/** Everything anew, from stock, forecasts and suppliers as they are now. */
export function useMakePlan(onDone?: () => void) {
  return useWrite(
    (budget: string | null, key) =>
      bodyOf(
        api.POST('/api/v1/planning/plans', { params: { header: keyed(key) }, body: { budget } }),
      ),
    {
      touches: [PLANNING],
      said: ({ orders, transfers }) =>
        `The plan is made: ${orders} to order, ${transfers} to move.`,
      onDone,
    },
  )
}

export function useEditLine(planId: string) {
  return useWrite(
    ({ line_no, quantity }: { line_no: number; quantity: number }, key) =>
      bodyOf(
        api.PATCH('/api/v1/planning/purchase-list/{line_no}', {
          params: { path: { line_no }, query: { plan_id: planId }, header: keyed(key) },
          body: { quantity },
        }),
      ),
    { touches: [PLANNING] },
  )
}

/** What accepting would make: all of it is tried and taken back. */
export function useAcceptPreview(body: PlanAccept, open: boolean) {
  return useQuery({
    enabled: open,
    gcTime: 0,
    retry: false,
    queryKey: [...PLANNING, 'preview', body],
    queryFn: ({ signal }) =>
      bodyOf(
        api.POST('/api/v1/planning/purchase-list/accept', {
          params: { query: { dry_run: true } },
          body,
          signal,
        }),
      ),
  })
}

export function useAccept(onDone: (done: AcceptedPlan) => void) {
  return useWrite(
    (body: PlanAccept, key) =>
      bodyOf(
        api.POST('/api/v1/planning/purchase-list/accept', {
          params: { header: keyed(key) },
          body,
        }),
      ),
    { touches: [PLANNING], onDone },
  )
}

export function useTakeBack(planId: string, onDone?: (documentId: string) => void) {
  return useWrite(
    (document_id: string, key) =>
      bodyOf(
        api.POST('/api/v1/planning/purchase-list/take-back', {
          params: { header: keyed(key) },
          body: { plan_id: planId, document_id },
        }),
      ),
    {
      touches: [PLANNING],
      said: 'Cancelled. Its lines stand open in the plan again.',
      onDone: ({ document_id: id }) => onDone?.(id),
    },
  )
}

export type SentFile = { file: File; at: number; dry_run: boolean }

/** An edited list back in: quantities only, all of them or none. */
export function useSendEdits() {
  return useWrite<SentFile, PlanEdits>(
    ({ file, dry_run }, key) =>
      bodyOf(
        api.POST('/api/v1/planning/purchase-list/edits', {
          params: { query: { dry_run }, header: keyed(key) },
          headers: { 'Content-Type': /\.xlsx$/i.test(file.name) ? XLSX : 'text/csv' },
          body: file as unknown as string,
          bodySerializer: (body) => body as unknown as Blob,
        }),
      ),
    { touches: [PLANNING] },
  )
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
