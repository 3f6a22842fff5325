def model(dbt, session):
    from python_models.release import previous_release

    return previous_release(dbt.config.get("release_path"))
