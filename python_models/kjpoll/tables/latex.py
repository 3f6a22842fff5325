r"""Tables as LaTeX floats with booktabs, to \input into a paper or, with a page around them, to compile as they are."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kjpoll.tables.layout import Table
from kjpoll.tables.table_lines import INDENT, laid_out

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "[": "{[}",
        "^": r"\textasciicircum{}",
        "<": "$<$",
        ">": "$>$",
    }
)
# What a page needs beside booktabs; hangul, kana and kanji need LuaLaTeX and their fonts.
LETTERS = {
    "en": "\\usepackage[T1]{fontenc}\n",
    "ko": "\\usepackage{kotex}\n",
    "ja": "\\usepackage{luatexja}\n",
}


def latex(tables: Sequence[Table], page: bool = False) -> str:
    r"""The tables as table environments; `page`: a whole document that compiles.

    The environments need \usepackage{booktabs}, and kotex or luatexja for hangul or kana.
    """
    floats = "\n".join(_float(table, page) for table in tables)
    if not page:
        return f"% Needs \\usepackage{{booktabs}}\n{floats}"
    return (
        "\\documentclass[11pt,a4paper]{article}\n\\usepackage[margin=2cm]{geometry}\n\\usepackage{booktabs}\n"
        f"{LETTERS.get(tables[0].language, LETTERS['en'])}\\begin{{document}}\n{floats}\\end{{document}}\n"
    )


def escape(text: str) -> str:
    """A text with the letters that LaTeX reads as commands made plain."""
    return text.translate(SPECIAL)


def _float(table: Table, page: bool) -> str:
    # LaTeX numbers a caption itself; on a page of its own the number has to be the printed one.
    number = f"\\setcounter{{table}}{{{int(table.number) - 1}}}\n" if page and table.number else ""
    mark = f"\\label{{tab:{table.number}}}\n" if table.number else ""
    notes = "\\par\n".join(map(escape, table.notes))
    return (
        f"{number}\\begin{{table}}[htbp]\n\\centering\n\\caption{{{escape(table.title)}}}\n{mark}"
        f"\\small\n\\setlength{{\\tabcolsep}}{{4pt}}\n{_tabular(table)}"
        f"\\par\\smallskip\n\\begin{{minipage}}{{\\linewidth}}\\footnotesize\\raggedright\n{notes}\n"
        "\\end{minipage}\n\\end{table}\n"
    )


def _tabular(table: Table) -> str:
    lines = list(laid_out(table))
    frame = pd.DataFrame(
        [[escape(cell).replace("-", "$-$") for cell in line.cells] for line in lines],
        index=[_label(line.label) for line in lines],
        columns=list(table.models),
    )
    printed = frame.to_latex(escape=False, column_format="l" + "c" * len(table.models)).splitlines()
    first = printed.index("\\midrule") + 1
    body = []
    for line, string in zip(lines, printed[first : first + len(lines)], strict=True):
        body += ["\\midrule", string] if line.rule else [string]
    return "\n".join([*printed[:first], *body, *printed[first + len(lines) :]]) + "\n"


def _label(label: str) -> str:
    return r"\quad " + escape(label[len(INDENT) :]) if label.startswith(INDENT) else escape(label)
