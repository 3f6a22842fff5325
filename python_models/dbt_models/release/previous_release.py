def model(dbt, session):
    from kjpoll.release import previous_release

    return previous_release(dbt.config.get("release_path"))
