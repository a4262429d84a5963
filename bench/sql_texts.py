"""Texts to throw at the query side: what people ask, what reaches where it must not, and both cut up and mixed."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|`[^`]*`|\"[^\"]*\"|\{\{.*?\}\}|\{%.*?%\}|\w+|\s+|.", re.DOTALL)

HARMLESS = """
SELECT count() FROM sales
SELECT tenant, sum(amount) AS total FROM sales GROUP BY tenant ORDER BY total DESC LIMIT 3
SELECT * FROM by_tenant
SELECT id, row_number() OVER (PARTITION BY tenant ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM sales
WITH x AS (SELECT * FROM sales) SELECT count() FROM x JOIN sales AS s USING (id)
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT sum(n) FROM t
SELECT arrayMap(x -> x * 2, groupArray(id)) FROM sales
SELECT quantile(0.9)(amount), uniqExact(tenant), argMax(id, at) FROM sales
SELECT toStartOfDay(at) AS d, count() FROM sales GROUP BY d ORDER BY d WITH FILL FROM 1 TO 5
SELECT * FROM numbers(5) AS n ARRAY JOIN [1, 2] AS y
SELECT * EXCEPT (id) APPLY (toString) FROM sales
SELECT COLUMNS('t') REPLACE (1 AS tenant) FROM sales
SELECT CAST(id AS String), id::Float64, INTERVAL 1 DAY, CASE WHEN id > 1 THEN 'a' ELSE 'b' END FROM sales
SELECT JSONExtractString('{"a": 1}', 'a'), replaceRegexpAll(tenant, 'a', 'b'), splitByChar(',', 'a,b') FROM sales
SELECT id FROM sales WHERE id IN (SELECT id FROM sales) AND tenant LIKE '%a%' FORMAT JSON
SELECT DISTINCT tenant FROM sales UNION ALL SELECT 'x' EXCEPT SELECT 'y' FORMAT CSVWithNames
SELECT * FROM values('a Int8, b String', (1, 'x')) SETTINGS max_threads = 1
% SELECT {{Int32(n, 1)}}, {% if defined(x) %} {{String(x)}} {% else %} 'none' {% end %} FROM sales
SELECT 1
""".strip().splitlines()

REACHING = """
SELECT * FROM {other}.{hidden}
SELECT note FROM `{other}`.`{hidden}`
SELECT (SELECT note FROM {other}.{hidden})
SELECT 1 WHERE 'x' IN {other}.{hidden}
SELECT toInt32((SELECT note FROM {other}.{hidden}))
SELECT * FROM merge('{other}', '.*')
SELECT * FROM merge(REGEXP('.*'), '.*')
SELECT * FROM view(SELECT * FROM {other}.{hidden})
SELECT * FROM remote('127.0.0.1:{port}', {other}.{hidden})
SELECT * FROM url('http://127.0.0.1:{port}/x', CSV, 'a String')
SELECT * FROM file('{canary}', LineAsString)
SELECT file('{canary}')
SELECT * APPLY (file) FROM (SELECT '{canary}')
SELECT * APPLY (x -> file(x)) FROM (SELECT '{canary}')
SELECT 1 INTO OUTFILE '{written}'
SELECT 1; DROP TABLE {own}.{sales}
DROP TABLE {own}.{sales}
TRUNCATE TABLE {own}.{sales}
INSERT INTO {own}.{sales} SELECT * FROM {own}.{sales}
INSERT INTO FUNCTION file('{written}') SELECT 1
CREATE TABLE x (a Int8) ENGINE = File(CSV, '{written}')
CREATE FUNCTION leak AS () -> 1
SELECT * FROM s3('http://127.0.0.1:{port}/x')
SELECT * FROM mysql('127.0.0.1:{port}', 'd', 't', 'u', 'p')
SELECT * FROM postgresql('127.0.0.1:{port}', 'd', 't', 'u', 'p')
SELECT * FROM executable('cat', TSV, 'a String', (SELECT 1))
SELECT dictGet('{other}.{hidden}', 'note', 1)
SELECT joinGet({other}.{hidden}, 'note', 1)
SELECT hasColumnInTable('{other}', '{hidden}', 'note')
SELECT * FROM system.tables
SELECT * FROM system.processes
SELECT * FROM information_schema.columns
SELECT * FROM tradewind.schema_state
SELECT * FROM loop({other}, {hidden})
SELECT * FROM mergeTreeIndex('{other}', '{hidden}')
SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))
SELECT * FROM (EXPLAIN SELECT * FROM {other}.{hidden})
DESCRIBE {other}.{hidden}
SHOW TABLES FROM {other}
KILL QUERY WHERE 1
SET readonly = 0
SYSTEM FLUSH LOGS
SELECT sleep(3)
SELECT 1 SETTINGS readonly = 0, max_execution_time = 0
SELECT * FROM sales SETTINGS additional_table_filters = {{'sales': 'x'}}
SELECT count() FROM numbers(100000000000)
SELECT groupArray(repeat('x', 1000)) FROM numbers(100000000)
SELECT arrayJoin(range(100000000)), arrayJoin(range(100000000))
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n FROM t) SELECT count() FROM t
SELECT * FROM {{x:Identifier}}
% SELECT {{tb_secret('salt')}}
% {% for i in range(10000000) %} SELECT {% end %}
% SELECT * FROM {{table(t, '{other}.{hidden}')}}
""".strip().splitlines()

_FRAGMENTS = """
( ) , ; . * ' ` " $$ -- /* */ \\ { } [ ] :: -> % %% AS FROM SELECT WITH IN NOT UNION ALL WHERE EXISTS FINAL
SAMPLE PREWHERE ARRAY JOIN GLOBAL ANY ASOF ON USING LIMIT BY OFFSET FORMAT JSON SETTINGS INTO OUTFILE APPLY
REPLACE EXCEPT COLUMNS OVER PARTITION ORDER GROUP CUBE ROLLUP TOTALS QUALIFY STREAM RECURSIVE MATERIALIZED
INTERPOLATE FILL PASTE PARALLEL VALUES file url merge remote view cluster numbers sales by_tenant
tinybird.pipe_stats_rt system.one {other}.{hidden} {own}.{sales} `{other}` 0 -1 18446744073709551616 1e999 nan
NULL '' 'a' now() rand() (SELECT 1) (SELECT note FROM {other}.{hidden}) {x:String} \x00 é 🔥
""".split()

VALUES = [
    "", "0", "-1", "99999999999999999999", "1e309", "nan", "'", "\\", "\\'", "' OR 1=1 --", "');DROP TABLE sales;--",
    "`", '"', "$$", "{{1}}", "{%", "%}", "%", "\x00", "\n", "é🔥", "a,b,c", "[1,2]", "1,'x'", "2020-01-01",
    "2020-01-01 00:00:00", "true", "null", "sales", "private", "{other}.{hidden}", "x" * 10_000, "../../etc/passwd",
]  # fmt: skip


@dataclass(frozen=True)
class Places:
    """What the texts reach for."""

    own: str
    sales: str
    other: str
    hidden: str
    canary: str
    written: str
    port: int

    def put_into(self, text: str) -> str:
        for name in ("own", "sales", "other", "hidden", "canary", "written", "port"):
            text = text.replace("{" + name + "}", str(getattr(self, name)))
        return text


def a_text(chance: random.Random, places: Places) -> str:
    """One text: as it is, cut, doubled, spliced with another, or with pieces put into it."""
    kind = chance.random()
    text = chance.choice(REACHING if chance.random() < 0.6 else HARMLESS)
    tokens = _TOKEN.findall(places.put_into(text))
    if kind > 0.3:
        for _ in range(chance.choice((1, 1, 1, 2, 5))):
            tokens = _changed(tokens, chance, places)
    return "".join(tokens)


def a_value(chance: random.Random, places: Places) -> str:
    value = places.put_into(chance.choice(VALUES))
    return value if chance.random() < 0.7 else value + places.put_into(chance.choice(VALUES))


def _changed(tokens: list[str], chance: random.Random, places: Places) -> list[str]:
    at = chance.randrange(len(tokens) + 1)
    end = min(len(tokens), at + chance.choice((1, 1, 2, 5)))
    how = chance.randrange(6)
    piece = [places.put_into(chance.choice(_FRAGMENTS)), " "]
    if how == 0:
        return tokens[:at] + tokens[end:]
    if how == 1:
        return tokens[:end] + tokens[at:]
    if how == 2:
        return tokens[:at] + piece + tokens[at:]
    if how == 3:
        return tokens[:at] + piece + tokens[end:]
    other = _TOKEN.findall(places.put_into(chance.choice(REACHING + HARMLESS)))
    if how == 4:
        start = chance.randrange(len(other))
        return [*tokens[:at], " ", *other[start : start + chance.randrange(1, 12)], " ", *tokens[at:]]
    return [*tokens[:at], " (", *other, ") ", *tokens[end:]]
