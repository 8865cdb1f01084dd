"""Names of streams: a prefix and a natural key. The key is the last part, whatever it contains."""


def exporter_stream(uscc: str) -> str:
    """Name the stream of one exporter."""
    return f"exporter/{uscc}"


def client_stream(uscc: str, client_ref: str) -> str:
    """Name the stream of a client as one exporter listed it."""
    return f"client/{uscc}/{client_ref}"


def grade_stream(grade: str) -> str:
    """Name the stream of a magnet grade."""
    return f"grade/{grade}"


def sale_stream(uscc: str, contract_no: str) -> str:
    """Name the stream of a sale: one exporter's contract."""
    return f"sale/{uscc}/{contract_no}"


def shipment_stream(declaration_no: str) -> str:
    """Name the stream of an export declaration."""
    return f"shipment/{declaration_no}"


def kind_of(stream: str) -> str:
    """Give the aggregate's kind: what stands before the first slash."""
    return stream.partition("/")[0]
