def model(dbt, session):
    from python_models.release import build_info

    return build_info(dbt.config.get("project_root"))
