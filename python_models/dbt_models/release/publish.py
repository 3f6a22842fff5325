def model(dbt, session):
    from kjpoll.release import publish

    # Nothing is read from it here: the edge makes this the last node, which runs only
    # when every public table was built and passed its tests.
    dbt.ref("release")
    dbt.ref("client_function")
    return publish(
        session, dbt.config.get("release_path"), kept_releases=int(dbt.config.get("kept_releases"))
    )
