"""The template language of pipes: `parse` a text once, `render` it for each request."""

from __future__ import annotations

from tradewind.warehouse.datafiles.templates.declared import Parameter
from tradewind.warehouse.datafiles.templates.errors import TemplateError
from tradewind.warehouse.datafiles.templates.running import Limits, Rendered
from tradewind.warehouse.datafiles.templates.template import Template, parse

__all__ = ["Limits", "Parameter", "Rendered", "Template", "TemplateError", "parse"]
