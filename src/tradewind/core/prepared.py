"""Statements that are put together once and then run on the driver: for what every order waits for.

The toolkit turns an expression into text, parameters and rows anew each time, through layers that a page of a
list does not feel. A checkout makes two dozen statements, and they took nine tenths of its time. A prepared
statement is written like any other; its text for a database, and how values become parameters and rows become
values, are worked out at its first use.

It sees what the transaction has written, but it does not write pending objects of the session first: flush them.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import ClauseElement, Connection, Dialect, Insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.sqltypes import TupleType

Convert = Callable[[Any], Any]
Slot = tuple[str, int | None, Convert | None]
"""A parameter: the name of a value, its place in that value if it is a list, and how it is turned into the driver's."""


class Driver(NamedTuple):
    """What runs a statement: the database's own connection, and what is known of its kind."""

    dialect: Dialect
    connection: Any


_LENT = "driver"


def lend_driver(tx: Session, connection: Connection) -> None:
    """Lets a session that lives no longer than its transaction run what is prepared on this connection's driver."""
    tx.info[_LENT] = Driver(connection.dialect, connection.connection.dbapi_connection)


def driver_of(tx: Session) -> Driver:
    """The driver that the session's transaction runs on; begins the transaction if nothing has yet."""
    lent: Driver | None = tx.info.get(_LENT)
    if lent is not None:
        return lent
    connection = tx.connection()
    return Driver(connection.dialect, connection.connection)


_LENGTHS = (*range(17), 32, 64, 128, 256, 512)
"""How long lists are for the database: a value that is said twice chooses nothing more, and a few plans do for all."""


class Prepared:
    """A statement with named values, `bindparam("name")`; a list stands where the parameter is `expanding`.

    Where the databases differ in more than their dialect, hand in a function from a dialect's name to the statement.
    """

    def __init__(self, statement: ClauseElement | Callable[[str], ClauseElement]) -> None:
        self._statement = statement
        self._plans: dict[tuple[str, tuple[int, ...]], _Plan] = {}
        self._lists: tuple[str, ...] | None = None

    def all(self, tx: Session, **values: Any) -> list[Any]:
        """Every row, its columns under their names."""
        plan, cursor = self._run(tx, values)
        try:
            return plan.rows(cursor)
        finally:
            cursor.close()

    def first(self, tx: Session, **values: Any) -> Any:
        """The first row; None where there is none."""
        rows = self.all(tx, **values)
        return rows[0] if rows else None

    def scalar(self, tx: Session, **values: Any) -> Any:
        """The first column of the first row; None where there is none."""
        rows = self.all(tx, **values)
        return rows[0][0] if rows else None

    def scalars(self, tx: Session, **values: Any) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.all(tx, **values)]

    def run(self, tx: Session, **values: Any) -> int:
        """Runs a change; returns how many rows it met."""
        _, cursor = self._run(tx, values)
        met: int = cursor.rowcount
        cursor.close()
        return met

    def _run(self, tx: Session, values: Mapping[str, Any]) -> tuple[_Plan, Any]:
        dialect, connection = driver_of(tx)
        if self._lists is None:
            self._compile(dialect, values)
        if self._lists:
            values = {**values, **{name: _filled(values[name]) for name in self._lists}}
        plan = self._plan(dialect, values)
        parameters = plan.parameters(values)
        cursor = connection.cursor()
        try:
            cursor.execute(plan.text, parameters)
        except dialect.loaded_dbapi.Error as broken:
            cursor.close()
            raise DBAPIError.instance(plan.text, None, broken, dialect.loaded_dbapi.Error) from broken
        except BaseException:
            cursor.close()
            raise
        return plan, cursor

    def _plan(self, dialect: Dialect, values: Mapping[str, Any]) -> _Plan:
        """The plan for this database, and for lists as long as these. An insert keeps the columns of its first use."""
        shape = tuple(len(values[name]) for name in self._lists or ())
        plan = self._plans.get((dialect.name, shape))
        if plan is None:
            lists = {name: values[name] for name in self._lists or ()}
            plan = _Plan(self._compile(dialect, values), dialect, lists)
            # Longer ones are seldom of the same length again.
            if all(length <= _LENGTHS[-1] for length in shape):
                self._plans[dialect.name, shape] = plan
        return plan

    def _compile(self, dialect: Dialect, values: Mapping[str, Any]) -> SQLCompiler:
        statement = self._statement(dialect.name) if callable(self._statement) else self._statement
        # An insert that names no columns fills those that it is given values for.
        filled = sorted(values) if isinstance(statement, Insert) else None
        compiled = statement.compile(dialect=dialect, column_keys=filled)
        assert isinstance(compiled, SQLCompiler)
        self._lists = tuple(sorted(name for name, bind in compiled.binds.items() if bind.expanding))
        return compiled


def _filled(told: Sequence[Any]) -> Sequence[Any]:
    length = len(told)
    if length in _LENGTHS or length > _LENGTHS[-1]:
        return told
    wanted = next(longer for longer in _LENGTHS if longer >= length)
    return [*told, *[told[-1]] * (wanted - length)]


class _Plan:
    """A statement for one database, and for lists of one length each."""

    def __init__(self, compiled: SQLCompiler, dialect: Dialect, lists: Mapping[str, Sequence[Any]]) -> None:
        fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        state = compiled.construct_expanded_state(dict.fromkeys(compiled.binds) | fixed | dict(lists))
        self.text = state.statement
        self._fixed = {name: value for name, value in fixed.items() if name not in lists}
        places: dict[str, Slot] = {}
        for name, bind in compiled.binds.items():
            key = compiled.bind_names[bind]
            expanded = state.parameter_expansion.get(key)
            if expanded is None:
                places[key] = (name, None, bind.type.dialect_impl(dialect).bind_processor(dialect))
                continue
            types = bind.type.types if isinstance(bind.type, TupleType) else [bind.type]
            converts = [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]
            for place, part in enumerate(expanded):
                places[part] = (name, place, converts[place % len(converts)])
            if len(types) > 1:
                self._flatten = (*self._flatten, name)
        order = state.positiontup
        slots = [places[key] for key in (order if order is not None else state.parameters)]
        self._slots = slots
        self._keys = None if order is not None else list(state.parameters)
        self._pick: Callable[[Mapping[str, Any]], tuple[Any, ...]] | None = None
        if len(slots) > 1 and all(place is None for _, place, _ in slots):
            self._pick = itemgetter(*(name for name, _, _ in slots))
        self._converted = [(index, convert) for index, (_, _, convert) in enumerate(slots) if convert is not None]
        self._make, self._converts = _reader(compiled, dialect)

    _flatten: tuple[str, ...] = ()
    """Lists of tuples, whose parts are parameters one after the other."""

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The driver's parameters: in order, or by name where the driver wants names."""
        told = {**self._fixed, **values} if self._fixed else values
        if self._flatten:
            told = dict(told)
            for name in self._flatten:
                told[name] = [part for each in told[name] for part in each]
        if self._pick is not None:
            made = list(self._pick(told))
        else:
            made = [told[name] if place is None else told[name][place] for name, place, _ in self._slots]
        for index, convert in self._converted:
            made[index] = convert(made[index])
        return tuple(made) if self._keys is None else dict(zip(self._keys, made, strict=True))

    def rows(self, cursor: Any) -> list[Any]:
        make, converts = self._make, self._converts
        if not converts:
            return [make(row) for row in cursor.fetchall()]
        found = []
        for row in cursor.fetchall():
            cells = list(row)
            for place, convert in converts:
                cells[place] = convert(cells[place])
            found.append(make(cells))
        return found


def _reader(compiled: SQLCompiler, dialect: Dialect) -> tuple[Convert, list[tuple[int, Convert]]]:
    """How a row of the driver becomes one with names, and which of its cells have to be converted first."""
    columns = list(compiled._result_columns)  # noqa: SLF001 (what the toolkit itself reads rows by)
    if not columns:
        return tuple, []
    row = namedtuple("Row", [column.keyname for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024 (the names come from the statement)
    converts = [
        (place, cast(Convert, convert))
        for place, column in enumerate(columns)
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
    ]
    return cast(Convert, row._make), converts
