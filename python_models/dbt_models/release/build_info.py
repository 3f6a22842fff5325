def model(dbt, session):
    from kjpoll.release import build_info

    return build_info(dbt.config.get("project_root"))
