"""The ``kjpoll`` command."""

from __future__ import annotations

from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]


@click.group()
def main() -> None:
    """The Korea-Japan joint opinion poll, 2013 to 2023, from raw files to tables."""


@main.command()
@click.option(
    "--raw-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "data" / "raw",
    help="Folder of the raw files; data/raw unless told.",
)
def synthesize(raw_dir: Path) -> None:
    """Write the synthetic raw files anew from the seeds: the same bytes on any day."""
    from python_models.synthetic.catalog import SyntheticError
    from python_models.synthetic.generate import synthesize as write

    try:
        written = write(ROOT / "dbt_project" / "seeds", raw_dir)
    except SyntheticError as error:
        raise click.ClickException(str(error)) from error
    size = sum(path.stat().st_size for path in written)
    click.echo(f"{len(written)} files, {size / 1e6:.1f} MB, in {raw_dir}")


if __name__ == "__main__":
    main()
