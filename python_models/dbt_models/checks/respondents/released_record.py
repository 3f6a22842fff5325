def model(dbt, session):
    from kjpoll.release import released_records

    files = dbt.ref("wave_file").df()
    return released_records(dbt.config.get("release_path"), dict(zip(files["sample_id"], files["sha256"])))
