"""An import-linter contract that import-linter lacks: name what is allowed, so that a new dependency is caught."""

import sys
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AllowedExternalsContract(Contract):
    """Packages of ours that may import the standard library and the named external packages, nothing else.

    Attributes:
        modules: our packages that are held to it.
        allowed: external packages that they may import.
    """

    type_name = "allowed_externals"

    modules = fields.ListField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  (import-linter's signature)
        """Find every direct import of an external package that is not allowed."""
        ours = {name for name in graph.modules if not graph.is_module_squashed(name)}
        # An instance holds the parsed values; import-linter declares only the fields that parse them.
        packages = cast("list[str]", self.modules)
        permitted = cast("set[str]", self.allowed) | sys.stdlib_module_names
        found = [
            (importer, imported)
            for importer in sorted(ours)
            if importer.partition(".")[0] in packages
            for imported in sorted(graph.find_modules_directly_imported_by(importer) - ours)
            if imported not in permitted
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line for each import that is not allowed."""
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} is not allowed to import {imported}")
