def model(dbt, session):
    from kjpoll.release import change_table

    content = dbt.ref("int_content").df().iloc[0]
    build = dbt.ref("build_info").df().iloc[0]
    return change_table(
        session,
        dbt.config.get("release_path"),
        content.content_hash[:12],
        build.built_at.to_pydatetime(),
        build.code_hash,
        build.engine,
    )
