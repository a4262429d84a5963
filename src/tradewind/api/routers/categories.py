"""The tree of categories."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.listing import UNCHANGED, kept
from tradewind.api.routing import Router
from tradewind.api.schemas.products import ID, CategoryList, CategoryOut, CategoryPatch, NewCategoryIn
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, content_tag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog import categories as tree
from tradewind.core.errors import NotFound

router = Router("/categories", tags=["products"], dependencies=[READS])

CatalogWriter = Annotated[Writer, Depends(writer_with(Scope.CATALOG_WRITE))]
CategoryId = Annotated[str, Path(pattern=ID)]


@router.get("", response_model=CategoryList, responses=UNCHANGED | problems(*SIGNED_IN))
def categories(request: Request, services: ServicesDep) -> Response:
    """All categories in the order of their paths."""

    def read(tx: Session) -> CategoryList:
        return CategoryList(items=[CategoryOut.model_validate(one) for one in tree.category_tree(tx)])

    return kept(request, services, read)


@router.get("/{category_id}", response_model=CategoryOut, responses=problems(*SIGNED_IN, NotFound))
def category(services: ServicesDep, category_id: CategoryId) -> Response:
    """One category."""
    with services.platform.database.read() as tx:
        found = _shown(tx, category_id)
    return answer(found, headers={"ETag": content_tag(found)})


@router.post("", status_code=201, response_model=CategoryOut, responses=problems(*WRITES, tree.CategoryExists))
def create_category(writer: CatalogWriter, body: NewCategoryIn) -> Response:
    """Makes a category, at the root or below another one."""

    def work(tx: Session) -> CategoryOut:
        made = tree.create_category(tx, body.name, parent_id=body.parent_id, actor=writer.actor, now=writer.now)
        return CategoryOut.model_validate(tree.find_category(tx, made))

    return writer.once(work, status=201)


@router.patch(
    "/{category_id}", response_model=CategoryOut, responses=problems(*WRITES, NotFound, Changed, tree.CategoryExists)
)
def change_category(writer: CatalogWriter, category_id: CategoryId, body: CategoryPatch) -> Response:
    """Renames or moves a category; the paths of all below it follow."""

    def work(tx: Session) -> CategoryOut:
        _hold(tx, writer, category_id)
        if body.name is not None:
            tree.rename_category(tx, category_id, body.name, actor=writer.actor, now=writer.now)
        if "parent_id" in body.model_fields_set:
            tree.move_category(tx, category_id, body.parent_id, actor=writer.actor, now=writer.now)
        return _shown(tx, category_id)

    return writer.once(work)


@router.delete("/{category_id}", status_code=204, responses=problems(*WRITES, NotFound, Changed, tree.CategoryInUse))
def delete_category(writer: CatalogWriter, category_id: CategoryId) -> Response:
    """Deletes a category that holds neither products nor categories."""

    def work(tx: Session) -> None:
        _hold(tx, writer, category_id)
        tree.delete_category(tx, category_id, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


def _hold(tx: Session, writer: Writer, category_id: str) -> None:
    """Keeps others from the tree; the category has to be what the caller read."""
    tree.hold_tree(tx)
    writer.check_content(lambda: _shown(tx, category_id))


def _shown(tx: Session, category_id: str) -> CategoryOut:
    return CategoryOut.model_validate(tree.find_category(tx, category_id))
