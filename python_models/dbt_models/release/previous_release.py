from pathlib import Path


def model(dbt, session):
    from kjpoll.release import hash_ahead, previous_release

    hash_ahead(Path(dbt.config.get("release_path")))
    return previous_release(dbt.config.get("release_path"))
