/** Lists that come page by page, each page with the cursor of the next. */
import { keepPreviousData, type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

type PageOf<Row> = { items: Row[]; next_cursor: string | null }

const HALF_A_MINUTE = 30_000

export function usePages<Row, Page extends PageOf<Row> = PageOf<Row>>(
  queryKey: QueryKey,
  fetchPage: (cursor: string | undefined, signal: AbortSignal) => Promise<Page & PageOf<Row>>,
  enabled = true,
) {
  const query = useInfiniteQuery({
    queryKey,
    enabled,
    staleTime: HALF_A_MINUTE,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // The rows of the filters before stay until those of the new ones are here.
    placeholderData: keepPreviousData,
  })
  const rows: Row[] | undefined = query.data?.pages.flatMap((page) => page.items)
  return { ...query, rows }
}
