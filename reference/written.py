"""Writes dictionaries as TOML and rows as canonical CSV."""

from fractions import Fraction

from evidence import HEADERS
from exact import text

# The keys of evidence.md: by these columns the rows are sorted.
KEY_COLUMNS = {"measures.csv": 2, "results.csv": 4}


# Lists of these stay on one line, as the manual writes them: words, `draw`, `then`.
INLINE = ({"zh", "en"}, {"item", "yuan"}, {"item", "best"})


def toml(table):
    lines = []
    write_table(lines, table, "")
    return "\n".join(lines) + "\n"


def write_table(lines, table, path):
    below = [(key, value) for key, value in table.items() if is_list_of_tables(value)]
    for key, value in table.items():
        if not is_list_of_tables(value):
            lines.append(f"{key} = {inline(value)}")
    for key, tables in below:
        name = f"{path}{key}"
        for one in tables:
            lines.append(f"\n[[{name}]]" if not path else f"[[{name}]]")
            write_table(lines, one, name + ".")


def is_list_of_tables(value):
    return (isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
            and not all(set(one) in INLINE for one in value))


def inline(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        written = text(Fraction(value))
        return f'"{written}"' if "/" in written else written
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return "{ " + ", ".join(f"{key} = {inline(one)}" for key, one in value.items()) + " }"


def csv(name, rows):
    """Rows (dictionaries) of one file, in canonical form."""
    columns = HEADERS[name].split(",")
    lines = [[cell(row.get(column, "")) for column in columns] for row in rows]
    lines.sort(key=lambda line: [one.encode() for one in line[:KEY_COLUMNS.get(name, 1)]])
    return "".join(",".join(map(quoted, line)) + "\n" for line in [columns, *lines])


def cell(value):
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Fraction):
        return text(value)
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def quoted(value):
    return '"' + value.replace('"', '""') + '"' if any(mark in value for mark in ',"\r\n') else value
