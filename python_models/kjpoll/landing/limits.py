"""How much of a file is believed before it is refused: far above any questionnaire, far below a machine."""

from __future__ import annotations

# A record of this poll has some hundred bytes. The widest cumulative surveys have 7,000 columns;
# with 100 bytes in each, that is 700 kB.
RECORD_BYTES = 1 << 20
COLUMNS = 10_000
# The last row that a worksheet can have.
SHEET_ROWS = 1_048_576
# A sheet of 100,000 respondents and 150 columns unpacks to 450 MB and is read as it is unpacked;
# the other members of a workbook (shared texts, styles) are held in memory.
SHEET_BYTES = 4 << 30
MEMBER_BYTES = 64 << 20
# Blocks keep a reader under 400 MB, whatever the file's size.
READER_MEMORY = 2 << 30
# The readers need 1 s of processor time for 300 kB on a slow machine.
READER_SECONDS = 12
READER_BYTES_PER_SECOND = 100_000
