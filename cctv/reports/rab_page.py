"""One sheet of the budget workbook: title, heads of columns, inputs in their colour, formulas with their result."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cctv.i18n import t
from cctv.palette import LIGHT

#: First row of every table, counted from 0; title and heads stand above it.
FIRST = 4
#: The mark in front asks for Indonesian separators whatever the language of the program.
MONEY = "[$-421]#,##0"
#: Height of a line of text [pt].
LINE_PT = 15
HEAD_PT = 31


@dataclass(frozen=True)
class Styles:
    """How cells look; inputs have a colour of their own and a frame."""

    title: Format
    head: Format
    bold: Format
    note: Format
    wrapped: Format
    rank: Format
    money: Format
    bold_money: Format
    input: Format
    input_money: Format
    input_share: Format

    @classmethod
    def of(cls, book: Workbook) -> "Styles":
        """Make the styles of a workbook.

        Parameters
        ----------
        book : Workbook
            Which workbook.

        Returns
        -------
        Styles
            Its styles.
        """
        framed = {"valign": "top", "bg_color": LIGHT.surface, "border": 1, "border_color": LIGHT.border}
        return cls(
            title=book.add_format({"bold": True, "font_size": 14, "font_color": LIGHT.accent}),
            head=book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            bold=book.add_format({"bold": True}),
            note=book.add_format({"italic": True, "font_color": LIGHT.muted}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
            rank=book.add_format({"align": "center", "valign": "top"}),
            money=book.add_format({"num_format": MONEY, "valign": "top"}),
            bold_money=book.add_format({"num_format": MONEY, "bold": True, "valign": "top"}),
            input=book.add_format({**framed, "align": "right"}),
            input_money=book.add_format({**framed, "num_format": MONEY}),
            input_share=book.add_format({**framed, "num_format": "[$-421]0.00%"}),
        )


@dataclass(frozen=True)
class Page:
    """A sheet with the styles of its workbook.

    Attributes
    ----------
    sheet : Worksheet
        The sheet.
    styles : Styles
        How cells look.
    stamp : str
        Stands at the foot of every printed page.
    widths : dict of int to int
        Width of each column [letters], once the heads are written.
    lines : dict of int to int
        Lines of text of the rows that need more than one.
    """

    sheet: Worksheet
    styles: Styles
    stamp: str
    widths: dict[int, int] = field(default_factory=dict[int, int])
    lines: dict[int, int] = field(default_factory=dict[int, int])

    def __post_init__(self) -> None:
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer(f"&L{self.stamp.replace('&', '&&')}&R&P/&N")

    def title(self, words: str, below: str) -> None:
        """Write the title and a line below it.

        Parameters
        ----------
        words, below : str
            Title and line.
        """
        self.sheet.write_string(0, 0, words, self.styles.title)
        self.sheet.write_string(1, 0, below, self.styles.note)

    def head(self, title: str, *columns: tuple[str, int]) -> None:
        """Write title and heads.

        Parameters
        ----------
        title : str
            Title of the sheet.
        *columns : (str, int)
            Key of the text and width.
        """
        self.title(title, self.stamp)
        self.sheet.freeze_panes(FIRST, 0)
        self.sheet.repeat_rows(FIRST - 1)
        self.sheet.set_row(FIRST - 1, HEAD_PT)
        for column, (name, width) in enumerate(columns):
            self.widths[column] = width
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(FIRST - 1, column, t(f"rab.{name}"), self.styles.head)

    def label(self, row: int, words: str) -> None:
        """Write the name of a row in bold.

        Parameters
        ----------
        row : int
            Row, from 0.
        words : str
            Name.
        """
        self.sheet.write_string(row, 0, words, self.styles.bold)

    def texts(self, row: int, column: int, words: Sequence[str]) -> None:
        """Write texts side by side; they wrap, so that a printed sheet stays legible.

        Parameters
        ----------
        row, column : int
            Cell of the first, from 0.
        words : sequence of str
            Texts.
        """
        for place, text in enumerate(words, start=column):
            self.sheet.write_string(row, place, text, self.styles.wrapped)
            lines = len(textwrap.wrap(text, max(1, self.widths.get(place, len(text)) - 1)))
            if lines > self.lines.get(row, 1):  # office programs do not do this by themselves
                self.lines[row] = lines
                self.sheet.set_row(row, LINE_PT * lines)

    def formula(self, row: int, column: int, formula: str, result: int, look: Format | None = None) -> None:
        """Write a formula with the result that we computed.

        Parameters
        ----------
        row, column : int
            Cell, from 0.
        formula : str
            With its equals sign.
        result : int
            Our own result.
        look : Format, optional
            Style; by default money.
        """
        self.sheet.write_formula(row, column, formula, look or self.styles.money, result)

    def sum_row(self, row: int, column: int, letter: str, result: int) -> None:
        """Write the sum of a column below its table; an empty table has none.

        Parameters
        ----------
        row, column : int
            Cell, from 0.
        letter : str
            Letter of the column.
        result : int
            Our own result.
        """
        if row > FIRST:
            self.label(row, t("rab.sum"))
            self.formula(row, column, f"=SUM({letter}{FIRST + 1}:{letter}{row})", result, self.styles.bold_money)
